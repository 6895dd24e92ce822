"""Answers from the command line and from files, refused when they answer no question."""

import difflib
import re
import reprlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
import yaml

from richtfest import questionnaire, template

OF_ONE_CLOUD = ("region", "server_type")
"""Answers in the words of one cloud: they mean nothing at another."""

LONGEST_FILE = 64 * 1024
"""Bytes. All answers together are a few hundred; what is longer is another file, and may take minutes to parse."""

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60


def collect(
    pairs: Iterable[str], file: Path | None, *, recorded: Mapping[str, Any] | None = None, complete: bool = False
) -> dict[str, Any]:
    """Merge the answers of `--data-file` with those of `-d name=value`; the latter win.

    Args:
        pairs: name=value.
        file: YAML with more of them.
        recorded: answers of a repository that hold besides.
        complete: what is not answered has its default; otherwise it is still open, and what depends on it is
            not judged yet.

    Raises:
        click.UsageError: a file that cannot be read, a pair without "=", an answer to no question.
        click.ClickException: an answer of the wrong kind. What else an answer must be, `copier.yml` says.
    """
    answers = _from_file(file) if file else {}
    for name, value in split(pairs).items():
        _require_question(name, f"in -d {_shown(name + '=' + value)}")
        answers[name] = value
    known = changed(recorded or {}, answers)
    if complete:
        known = questionnaire.settled(known)
    for name, value in answers.items():
        _require_kind(name, value, known)
    return answers


def split(pairs: Iterable[str]) -> dict[str, str]:
    """The answers of `-d name=value`, not yet held against a questionnaire.

    Raises:
        click.UsageError: a pair without "=".
    """
    answers = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"-d {_shown(pair)}: write it as name=value")
        answers[name] = value
    return answers


def changed(recorded: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a repository with others in their place; another cloud takes away what is in its words."""
    moved = changes.get("cloud", recorded.get("cloud")) != recorded.get("cloud")
    kept = {name: value for name, value in recorded.items() if not (moved and name in OF_ONE_CLOUD)}
    return kept | dict(changes)


def parse(text: str, source: str) -> dict[str, Any]:
    """The lines `name: value` of a file in YAML; `source` is what messages call it.

    Raises:
        click.UsageError: it is no YAML, or something else than such lines.
    """
    try:
        told = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError) as error:
        # Besides its own errors PyYAML lets others through: 2026-13-45, !!timestamp x, a thousand brackets.
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise click.UsageError(f"{source} is no valid YAML{where}") from error
    if told is None:
        return {}
    if not isinstance(told, dict):
        raise click.UsageError(f"{source} must hold lines of the form name: value")
    return {str(name): value for name, value in told.items()}


def require(answers: dict[str, Any], where: str) -> None:
    """Refuse what answers no question, and values of the wrong kind; `where` is added to the name of a question.

    Raises:
        click.ClickException: one sentence that names the question and the place.
    """
    for name, value in answers.items():
        _require_question(name, where)
        _require_kind(name, value, answers, f" {where}")


def _from_file(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > LONGEST_FILE:
            raise click.UsageError(f"{file} is larger than {LONGEST_FILE // 1024} KiB: it cannot hold answers")
        answers = parse(file.read_text("utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file} cannot be read: {error}") from error
    require(answers, f"in {file}")
    return answers


def _shown(value: Any) -> str:
    """A value in a message: one line, short, whatever it is; aliases in YAML may make it endless."""
    return _SHORT.repr(value) if not isinstance(value, str) or not value.isprintable() or len(value) > 60 else value


def _require_question(name: str, where: str) -> None:
    known = template.questions()
    if name in known:
        return
    raise click.UsageError(f"{_SHORT.repr(name)} {where} answers no question; {hint(name, known)}")


def hint(name: str, known: Iterable[str]) -> str:
    """What somebody may have meant who has named a question that there is not; never a list of all of them."""
    names = list(known)
    words = set(name.lower().split("_"))
    near = difflib.get_close_matches(name[:60], names, n=1) or [one for one in names if words & set(one.split("_"))][:3]
    return f"did you mean {' or '.join(near)}?" if near else f"what can be answered: {template.ANSWERS_PAGE}"


def _require_kind(name: str, value: Any, known: Mapping[str, Any], where: str = "") -> None:
    question = template.questions()[name]
    if question["type"] == "str" and isinstance(value, str) and (refusal := questionnaire.refusal(name, known)):
        raise click.ClickException(refusal)
    if "choices" in question:
        choices = list(question["choices"].values())
        if value not in choices:
            raise click.ClickException(f"{name}{where} must be one of {', '.join(choices)}, not {_SHORT.repr(value)}")
    elif question["type"] == "int" and not _is_whole_number(value):
        raise click.ClickException(f"{name}{where} must be a whole number, not {_SHORT.repr(value)}")
    elif question["type"] == "bool" and not _is_truth(value):
        raise click.ClickException(f"{name}{where} must be true or false, not {_SHORT.repr(value)}")
    elif question["type"] == "str" and not isinstance(value, str):
        raise click.ClickException(f"{name}{where} must be a text, not {_SHORT.repr(value)}: put it in quotes")


def _is_whole_number(value: Any) -> bool:
    return type(value) is int or (isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value) is not None)


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and value.lower() in ("true", "false", "yes", "no"))
