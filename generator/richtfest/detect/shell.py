"""The lines of a script of the shell that certainly run, as far as that can be told without running it."""

import re
from collections.abc import Iterator

LITERAL = re.compile(r"[\w./:-]*[A-Za-z][\w./:-]*")
SETTING = re.compile(r"\$\{?[A-Za-z_]\w+")
ARGUMENT = re.compile(r"\$\{?[@*1-9#]")
OPENS = re.compile(r"(if|case|for|while|until)\b|(?:function\s+)?[\w-]+\s*\(\)|function\s")
CLOSES = re.compile(r"(fi|done|esac)\b|\}")
LABEL = re.compile(r"""\(?([\w|. "'*-]+)\)(.*)""")
HEREDOC = re.compile(r"""(?<!<)<<-?\s*["'\\]?([A-Za-z_]\w*)""")
GOES_ON = re.compile(r"(\\|&&|\|)$")
REPLACES = re.compile(r"(?:[^|{]*(?:;|&&)\s*)?(exec\s+(?!\d*&?[<>]))")
"""Another program takes the place of the shell; with a redirection only, it stays."""

WORDS_OF_TESTS = frozenset(("if", "elif", "then", "test", "eq", "ne", "in", "case"))


def commands(text: str, started: str) -> Iterator[tuple[int, str]]:
    """The lines, each with its number, that run whatever the environment says.

    Args:
        text: the script.
        started: the command that it is started with, for conditions that ask its arguments.
    """
    around: list[tuple[str, bool]] = []  # the blocks, each with whether it may be left out
    for number, line in _whole(text):
        inner = around[-1][0] if around else ""
        if CLOSES.match(line):
            around[-1:] = []
        elif re.match(r"(elif|else)\b", line):
            around[-1:] = [(inner, True)]
        elif inner == "case" and (label := LABEL.match(line)):
            around[-1] = (inner, not set(LITERAL.findall(label[1])) & set(started.split()))
            line = label[2].strip()
        elif opens := OPENS.match(line):
            kind = opens[1] or "function"
            doubtful = kind in ("function", "case") or (kind == "if" and _is_in_doubt(line, started))
            if not doubtful and not any(left_out for _, left_out in around):
                yield number, line
            if not re.search(r"(\bfi|\bdone|\besac|\})\s*$", line):
                around.append((kind, doubtful))
            continue
        if line and not any(left_out for _, left_out in around):
            yield number, line
            replaced = REPLACES.match(line)
            if replaced and not depends(line[: replaced.start(1)]):
                return
        if line.endswith("{"):
            around.append(("group", True))


def depends(line: str) -> bool:
    """Whether what follows on the same line is only said, or runs when a setting says so, or when something fails."""
    said = re.search(r"\s#|(^|[;&|{])\s*(echo|printf)\b[^;&|]*$", line)
    otherwise = re.search(r"\|\|[^;&|]*$|\bfalse\s*&&", line)
    return bool(said or otherwise or (re.search(r"\[\s|\btest\s", line) and SETTING.search(line)))


def _whole(text: str) -> Iterator[tuple[int, str]]:
    """The lines, each with what continues it and the number of its first; no comments, and nothing of a heredoc."""
    parts: list[str] = []
    begin, goes_on, end_of_heredoc = 0, "", ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if end_of_heredoc:
            end_of_heredoc = "" if line == end_of_heredoc else end_of_heredoc
            continue
        if line.startswith("#") or (not line and goes_on != "\\"):
            continue
        begin = begin if parts else number
        parts.append(line.removesuffix("\\"))
        end_of_heredoc = told[1] if (told := HEREDOC.search(line)) else ""
        goes_on = told[1] if (told := GOES_ON.search(line)) else ""
        if not goes_on:
            yield begin, " ".join(parts)
            parts = []
    if parts:
        yield begin, " ".join(parts)


def _is_in_doubt(line: str, started: str) -> bool:
    """Whether a condition is never met, asks a setting, or for arguments that are not there."""
    condition = line.partition(";")[0]
    if re.search(r"\bfalse\b", condition) or SETTING.search(condition):
        return True
    asked = set(LITERAL.findall(re.sub(r"\$\{[^}]*\}|\$\w", "", condition))) - WORDS_OF_TESTS
    return bool(ARGUMENT.search(condition)) and not asked <= set(started.split())
