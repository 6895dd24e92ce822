"""Answers of every kind for every question with a free answer, built from the questionnaire: a new question is
covered by being there."""

import re
from typing import Any

from hypothesis import strategies as st

from tests.generation import questionnaire

PATTERN = re.compile(r"'(\^[^']*\\\\Z)'")
"""A pattern in a validator: '^…\\\\Z', as Jinja reads it."""


def free() -> dict[str, dict[str, Any]]:
    """The questions that take any text or any number, by name."""
    return {n: q for n, q in questionnaire().items() if q["type"] in ("str", "int") and "choices" not in q}


ATTACKS = [
    "${{ secrets.X }}", "${var.x}", "%{ if true }x%{ endif }", "{{ 7*7 }}", "{% raw %}", "#{ 7*7 }#", "#% if 1 %#",
    "#| x |#", "$(touch /tmp/x)", "`id`", "; id", "| id", "&& id", "> /tmp/x", "$HOME", "%PATH%",
    "!!python/name:os.system", '"', "'", "\\", "\\n", '"}', "]]", "{", "}", "<script>", "<!--", "-->",
    "[x](javascript:x)", "\n- x", "\nX=1", "\r\n", "\n", "\t", "\0", "\x1b[31m", "\x7f", "\u0085", "\u2028", "\u202e",
    "\u200f", "\u200b", "\ufeff", "\ud800", "é", "ß", "\uff21", "\u0406", "\u0663", "💥", "e\u0301", "../",
    "../../etc/passwd", "/etc/passwd", "C:\\x", "//x", "/./", "/../", "~", "-rf", "--help", "-", " ", "#", " #", ": ",
    "&a", "*a", "? x", "@x", "%x", "_", ".", "..", "::", ",", "=",
]  # fmt: skip
"""What is syntax somewhere among the files that are generated or the programs that read them."""

LOOKS_LIKE_YAML = [
    "", "null", "~", "yes", "no", "on", "off", "true", "false", "y", "n", "0123", "1_000", "0x1F", "1e3", "1:30",
    ".inf", ".nan", "2026-11-28", "<<", "=", "---", "...", "[]", "{}", "[a, b]", "{a: b}", "!!str x", "&a b", "*a", "|",
    ">-",
]  # fmt: skip
"""Texts that a careless reader of YAML takes for something else."""

OTHER_TYPES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.binary(max_size=5),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def patterns(question: dict[str, Any]) -> list[str]:
    """The patterns that its validator knows."""
    return [found.replace("\\\\", "\\") for found in PATTERN.findall(question.get("validator", ""))]


def fitting(name: str) -> st.SearchStrategy[Any]:
    """Answers that fit a pattern of the validator, up to and beyond the border of its other limits."""
    question = free()[name]
    found = [st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True) for pattern in patterns(question)]
    if question["type"] == "int":
        found.append(st.sampled_from([1023, 1024, 1025, 65534, 65535, 65536]) | st.integers(1, 70_000))
    if "#" not in str(question["default"]):
        found.append(st.just(question["default"]))
    return st.one_of(found or [st.just("")])


def bent(name: str) -> st.SearchStrategy[str]:
    """A fitting answer with an attack in it, before it or behind it, or so long that it fits nowhere."""
    attack = st.sampled_from(ATTACKS) | st.characters()
    parts = st.tuples(fitting(name).map(str), attack, st.integers(0, 60))
    inside = parts.map(lambda told: told[0][: told[2]] + told[1] + told[0][told[2] :])
    ends = parts.map(lambda told: told[0] + told[1]) | parts.map(lambda told: told[1] + told[0])
    return inside | ends | st.tuples(fitting(name).map(str), st.sampled_from([50, 300, 70_000])).map(_repeated)


def _repeated(told: tuple[str, int]) -> str:
    return told[0] * (told[1] // max(len(told[0]), 1) + 1)


def anything(name: str) -> st.SearchStrategy[Any]:
    """Answers of every kind: of other types, text of any characters, attacks, bent and fitting ones."""
    return st.one_of(
        fitting(name),
        bent(name),
        st.sampled_from(LOOKS_LIKE_YAML),
        st.lists(st.sampled_from(ATTACKS), min_size=1, max_size=3).map("".join),
        st.text(max_size=40),
        OTHER_TYPES,
    )


@st.composite
def zones(draw: st.DrawFn, answers: dict[str, Any]) -> str:
    """Text that hangs on another answer: that answer, or its end from one of its dots on."""
    other = draw(st.sampled_from(sorted(str(value) for value in answers.values()) or [""]))
    cut = [match.end() for match in re.finditer(r"[.]", other)]
    return other[draw(st.sampled_from([0, *cut])) :]


@st.composite
def all_answers(draw: st.DrawFn) -> dict[str, Any]:
    """Either one question gets anything and the others their defaults, or several get what fits."""
    names = sorted(free())
    if draw(st.booleans()):
        name = draw(st.sampled_from(names))
        return {name: draw(anything(name))}
    chosen = draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=6))
    answers = {name: draw(fitting(name)) for name in chosen if patterns(free()[name]) or free()[name]["type"] == "int"}
    for name in set(chosen) - answers.keys():
        answers[name] = draw(zones(answers))
    return answers
