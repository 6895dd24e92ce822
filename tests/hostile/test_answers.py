"""Whatever is answered to a question with a free answer, one of two things happens. It is refused in one clear
sentence and nothing is written; or every file parses, has the structure of one with harmless answers, and holds the
answer unchanged where it belongs.

Per example: Copier asks the whole questionnaire and renders every file that hangs on a free answer (readers.py finds
them); each is read by the parser of its format and compared, text by text, with the same file for harmless answers.
Files that hang on no free answer are not rendered again: test_the_files_that_read_answers_are_all_known proves, by
whole generations, that there are no others. Other tools than parsers read a sample. An example costs 50 ms of one core.
"""

import os
import re
import shutil
import tempfile
import time
import warnings
from collections import Counter
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import copier
import pytest
import yaml
from click.testing import CliRunner
from copier.errors import CopierError
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st

from richtfest import template as richtfest_template
from richtfest.checks import containers, monitoring, texts
from richtfest.checks.outcome import OK
from richtfest.cli import group
from tests.generation import ROOT, files_of, questionnaire, render, template
from tests.hostile.memory import remembering
from tests.hostile.questions import all_answers, free
from tests.hostile.readers import changed, harmless, priced, readers, rendered_only, rows
from tests.hostile.reading import read

ASKED_FOR = int(os.environ.get("RICHTFEST_EXAMPLES", "0"))
"""How many random examples somebody wants instead of the 2,000 that are always the same."""

PARTS = 4
EXAMPLES = (ASKED_FOR or 2000) // PARTS

QUIET = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.generate, Phase.shrink],
    "report_multiple_bugs": False,
}

ALIVE = re.compile(r"[$%#]\{|[#{]%|%[#}]|\{\{|\}\}|\$\(|[\s\"'`\\;|&<>*?!^(){}\[\]$]|(^|/)\.|^-|[^\x20-\x7e]")
"""What an answer may not hold, as it is syntax in some file or program."""

ORIGIN = ("/0/_commit ", "/0/_src_path ")

DERIVED = {"bucket": re.compile(r'"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"')}
"""Texts that are computed from an answer: not the answer, but a name of this form."""

WHOLE = 6
"""How many whole repositories are put before the tools that read them."""


@pytest.fixture(autouse=True)
def small_template(monkeypatch):
    """Let the command generate what reads free answers."""
    with remembering():
        copy = richtfest_template.Template(readers(), packaged=True)
    monkeypatch.setattr("richtfest.generate.locate", lambda: copy)


@st.composite
def ways(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A way in, the finite choices and the free answers."""
    way = draw(st.sampled_from(["pairs", "file", "copier"]))
    answers = draw(all_answers())
    return way, draw(st.sampled_from(rows())), answers if way != "pairs" else {n: str(v) for n, v in answers.items()}


@pytest.mark.parametrize("part", range(PARTS))
def test_a_free_answer_is_refused_or_dead(part):
    """The promise above, over all questions; and a good share of the examples is accepted."""
    told = Counter()

    @settings(max_examples=EXAMPLES, **QUIET)
    @given(ways())
    def holds(example):
        way, row, answers = example
        folder = Path(tempfile.mkdtemp(prefix="richtfest-example-"))
        try:
            refusal = attempt(way, row | answers, folder)
            told["refused" if refusal else "accepted"] += 1
            if refusal:
                assert_is_refused(way, answers, refusal, folder)
            else:
                told.update(answers.keys())
                assert_is_dead(folder / "out" / "shop", row, answers)
        finally:
            shutil.rmtree(folder)

    with remembering():
        (holds if ASKED_FOR else seed(part)(holds))()
    print(f"\n{dict(told)}")
    assert told["accepted"] > 0.3 * (told["accepted"] + told["refused"]), told


@pytest.mark.parametrize("name", free())
def test_the_examples_hold_answers_that_are_accepted_to_every_question(name, tmp_path):
    """Without them the promise above would be kept by refusing: see fitting()."""
    numbers = count()

    def is_accepted(answers):
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return attempt("copier", answers, folder) is None

    few = settings(max_examples=200, **QUIET | {"phases": [Phase.generate]})
    with remembering():
        find(all_answers().filter(lambda answers: name in answers), is_accepted, settings=few, random=Random(0))  # noqa: S311 - a fixed seed


def attempt(way: str, answers: dict[str, Any], folder: Path) -> str | None:
    """Generate into out/shop; the words of the refusal, None when it was accepted."""
    destination = folder / "out" / "shop"
    destination.parent.mkdir()
    if way == "copier":
        try:
            render(answers, destination, readers())
        except (ValueError, OverflowError, CopierError) as error:  # Copier itself does not foresee infinity
            return str(error) or type(error).__name__
        return None
    arguments = ["new", str(destination), "--defaults"]
    if way == "pairs":
        arguments += [word for name, value in answers.items() for word in ("-d", f"{name}={value}")]
    else:
        file = folder / "answers.yml"
        file.write_text(yaml.safe_dump(answers), "utf-8")
        arguments += ["--data-file", str(file)]
    result = CliRunner().invoke(group, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert bool(result.exit_code) == bool(result.stderr), result.stderr
    return f"{result.exit_code} {result.stderr}" if result.exit_code else None


def assert_is_refused(way: str, answers: dict[str, Any], refusal: str, folder: Path) -> None:
    assert list((folder / "out").iterdir()) == []
    if way == "copier":
        return
    code, _, words = refusal.partition(" ")
    sentence = words.strip().splitlines()[-1]
    assert sentence.startswith("Error: ") and len(sentence) < 400 and sentence.isprintable(), sentence
    if code == "1":
        assert len(words.strip().splitlines()) == 1, words
        assert any(name in sentence for name in answers) or "dns_zone" in sentence, sentence
    else:
        assert code == "2" and "answers.yml" in sentence, sentence


def assert_is_dead(repository: Path, row: dict[str, Any], answers: dict[str, Any]) -> None:
    recorded = yaml.safe_load((repository / ".copier-answers.yml").read_text("utf-8"))
    for name, value in answers.items():
        if name in recorded:
            # Copier reads a number from whatever Python's int() takes; the command takes plain digits only.
            as_given = int(value) if isinstance(recorded[name], int) else "" if value == b"" else value
            assert str(recorded[name]) == str(as_given), name
        elif not isinstance(value, str):
            continue  # nobody was asked, and no file holds it, as the comparison below shows
        for word in words(name, str(recorded.get(name, value))):
            assert not ALIVE.search(word), f"{name} holds syntax: {value!r}"
    values = {name: recorded[name] for name in free() if name in recorded}
    others = counterparts(row, values)
    texts = harmless_texts(tuple(row.items()), tuple(others.items()))
    expected = {replaced(name, others, values): told for name, told in texts.items()}
    files = {path.relative_to(repository).as_posix(): path for path in files_of(repository)}
    assert files.keys() == expected.keys()
    for name, path in files.items():
        found = texts_of(path)
        assert [place for place, _ in found] == [place for place, _ in expected[name]], f"the structure of {name}"
        for (place, text), (_, harmless_text) in zip(found, expected[name], strict=True):
            if form := DERIVED.get(place.split(" ")[0].strip("/")):
                assert form.fullmatch(text), f"{name}, {place}: {text!r}"
            else:
                assert str(text) == replaced(str(harmless_text), others, values), f"{name}, {place}: {text!r}"


def words(name: str, value: str) -> list[str]:
    """What of an answer is held against ALIVE. Three may hold what no other may, as their validators say."""
    if name == "standard":
        return []  # stands in the answers file alone: test_a_standard_is_recorded_and_nothing_else
    if name == "node_entry":
        entry, *arguments = value.split(" ")
        # One word each in JSON; they may name a hidden file, such as --env-file=config/.env.
        return [entry, *(word.lstrip("-./").replace("/.", "/") for word in arguments)]
    if name in ("go_package", "static_folder", "application_folder"):
        return [value.removeprefix(".")]  # . is the repository itself
    return [value]


def test_a_standard_is_recorded_and_nothing_else(tmp_path):
    """An address may hold what is syntax elsewhere, so it must get nowhere else."""
    for number, row in enumerate(rows()):
        plain, other = (render(row | {"standard": told}, tmp_path / f"{number}{told[:1]}" / "shop", readers())
                        for told in ("", "git@x.example:Löwe/a b~#v1.0"))  # fmt: skip
        differ = [path.name for path in files_of(plain)
                  if path.read_bytes() != (other / path.relative_to(plain)).read_bytes()]  # fmt: skip
        assert differ == [".copier-answers.yml"]


def texts_of(file: Path) -> list[tuple[str, Any]]:
    """The texts of a file, without where the template came from."""
    return [told for told in read(file.name, file.read_text("utf-8")) if not told[0].startswith(ORIGIN)]


def counterparts(row: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Harmless answers with which the same files are expected: empty stays empty, a price stays a price."""
    others = {name: value for name, value in harmless(row["cloud"]).items() if name in values}
    for name, value in values.items():
        priced_type = name == "server_type" and value in priced(row["cloud"])
        several_words = name == "node_entry" and (" " in value or value.startswith("node_modules/next/"))
        if value in ("", ".", "/") or priced_type or several_words:
            others[name] = value
        elif name == "health_path" and value.count("/") > 1:
            others[name] = "/qzx-health/qzx-inner" + ("/" if value.endswith("/") else "")
    return others


def replaced(text: str, others: dict[str, Any], values: dict[str, Any]) -> str:
    """A text with each harmless answer replaced by the given one, in one pass, the longest first."""
    wanted = {str(other): str(values[name]) for name, other in others.items() if other not in ("", ".", "/")}
    if "dotnet_project" in others:  # what is built from it has its name
        wanted[library(others["dotnet_project"])] = library(values["dotnet_project"])
    if "health_path" in others:  # routes of Rails begin without a slash
        wanted[others["health_path"][1:]] = values["health_path"][1:]
        # and Spring has the last part of it apart
        both = (path.rpartition("/") for path in (others["health_path"], values["health_path"]))
        wanted |= {other: value for other, value in zip(*both, strict=True) if other not in ("", "/")}
    pattern = "|".join(re.escape(other) for other in sorted(wanted, key=len, reverse=True))
    return re.sub(pattern, lambda found: wanted[found.group()], text)


def library(project: str) -> str:
    """What .NET makes of a project."""
    return f"{Path(project).name.removesuffix('.csproj')}.dll"


@cache
def harmless_texts(row: tuple, others: tuple) -> dict[str, list[tuple[str, Any]]]:
    folder = Path(tempfile.mkdtemp(prefix="richtfest-harmless-"))
    try:
        repository = render(dict(row) | dict(others), folder / "shop", readers())
        return {path.relative_to(repository).as_posix(): texts_of(path) for path in files_of(repository)}
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("number", range(len(rows())))
def test_the_files_that_read_answers_are_all_known(number):
    """Two whole generations with different free answers differ in no file that the small template lacks."""
    row = rows()[number]
    small = changed(rendered_only(), row)
    assert changed(template(), row) == small
    in_the_root = changed(rendered_only(), row, but="application_folder")  # a plain path, which has to be there
    assert not [it for it in in_the_root if it.startswith((".github", ".gitlab", "scripts/"))], "never in a workflow"


@pytest.mark.needs("amtool", "caddy", "compose", "hadolint", "promtool", "shellcheck")
def test_the_tools_that_read_it_agree(tmp_path):
    """A sample of accepted answers, at their borders, in whole repositories before the tools that will read them."""

    @seed(0)
    @settings(max_examples=100, **QUIET)
    @given(st.sampled_from(rows()), all_answers())
    def holds(row, answers):
        if len(sample) == WHOLE:
            return
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        try:
            render(row | answers, folder / "shop")
        except ValueError:
            return
        sample.append(row)
        checks = (*containers.CHECKS, monitoring.prometheus, monitoring.alertmanager, texts.yaml, texts.dashboards)
        for check in checks:
            found = check(folder / "shop")
            for outcome in found if isinstance(found, list) else [found]:
                assert outcome.status == OK or outcome.detail.startswith("there is no"), outcome

    sample: list[dict[str, Any]] = []
    holds()
    assert len(sample) == WHOLE


def test_what_is_remembered_changes_no_byte(tmp_path):
    answers = rows()[0] | harmless(rows()[0]["cloud"])
    with remembering():
        for name in ("first", "second"):
            render(answers, tmp_path / name / "shop", readers())
    render(answers, tmp_path / "plain" / "shop", readers())
    trees = [
        {path.relative_to(tmp_path / name): path.read_bytes() for path in files_of(tmp_path / name)}
        for name in ("first", "second", "plain")
    ]
    assert len(trees[0]) > 10 and trees[0] == trees[1] == trees[2]


@pytest.mark.parametrize("name", free())
def test_a_megabyte_is_refused_at_once(name, tmp_path):
    value = str(questionnaire()[name]["default"] if "#" not in str(questionnaire()[name]["default"]) else "a")
    for huge in ((value or "/a") * 1_000_000, "a." * 500_000 + "a", "-a" * 500_000):
        begin = time.process_time()
        result = CliRunner().invoke(group, ["new", str(tmp_path / "shop"), "--defaults", "-d", f"{name}={huge}"])
        assert time.process_time() - begin < 2
        assert result.exit_code == 1 and name in result.stderr and len(result.stderr) < 400, result.stderr[:500]
        assert list(tmp_path.iterdir()) == []


FILES = {
    "aliases that multiply": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "domain: *i\n",
    "an alias of itself": "domain: &a [*a]\n",
    "brackets without end": "domain: " + "[" * 5_000,
    "a day that is none": "domain: 2026-13-45\n",
    "a tag for Python": "domain: !!python/object/apply:os.system [id]\n",
    "a broken timestamp": "domain: !!timestamp x\n",
    "a number without end": "application_port: " + "1" * 5_000,
    "two documents": "domain: a.example\n---\ndomain: b.example\n",
    "no mapping": "- domain\n",
    "a key that is a list": "? [domain]\n: x\n",
    "a megabyte": "domain: " + "a" * 1_000_000,
    "control characters": "domain: a\x01b\n",
    "null": "domain: null\n",
    "a number": "project_name: 12345\n",
    "a truth": "project_name: yes\n",
    "a computed answer": "ci_github: ../../elsewhere\n",
    "an unknown name of many characters": "x" * 3_000 + ": 1\n",
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_of_answers_that_plays_tricks_is_refused_in_one_sentence(case, tmp_path):
    (tmp_path / "answers.yml").write_text(FILES[case], "utf-8")
    (tmp_path / "out").mkdir()
    begin = time.process_time()
    result = CliRunner().invoke(
        group, ["new", str(tmp_path / "out" / "shop"), "--defaults", "--data-file", str(tmp_path / "answers.yml")]
    )
    assert time.process_time() - begin < 3
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    sentence = result.stderr.strip().splitlines()[-1]
    assert sentence.startswith("Error: ") and len(sentence) < 700 and sentence.isprintable(), sentence[:1000]
    assert list((tmp_path / "out").iterdir()) == []


def test_no_computed_answer_can_be_given(tmp_path):
    """Plain Copier would take one: a folder's name, or a command in a script."""
    questions = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8"))
    computed = [n for n, q in questions.items() if not n.startswith("_") and q.get("when") is False]
    assert computed
    for name in computed:
        with warnings.catch_warnings(), pytest.raises(ValueError, match=f"{name}.*cannot be given"):
            warnings.simplefilter("ignore")
            copier.run_copy(str(readers()), tmp_path / "shop", data={name: "../x"}, defaults=True, quiet=True)
        assert not (tmp_path / "shop").exists()
