"""Answers from the command line and from files, refused when they answer no question."""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import yaml

from richtfest import template


def collect(pairs: Iterable[str], file: Path | None) -> dict[str, Any]:
    """Merge the answers of `--data-file` with those of `-d name=value`; the latter win.

    Raises:
        click.UsageError: a file that cannot be read, a pair without "=", an answer to no question.
        click.ClickException: an answer of the wrong kind. What else an answer must be, `copier.yml` says.
    """
    answers = _from_file(file) if file else {}
    for name, value in split(pairs).items():
        _require_question(name, f"in -d {name}={value}")
        _require_kind(name, value)
        answers[name] = value
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
            raise click.UsageError(f"-d {pair}: write it as name=value")
        answers[name] = value
    return answers


def parse(text: str, source: str) -> dict[str, Any]:
    """The lines `name: value` of a file in YAML; `source` is what messages call it.

    Raises:
        click.UsageError: it is no YAML, or something else than such lines.
    """
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError as error:
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
        _require_kind(name, value, f" {where}")


def _from_file(file: Path) -> dict[str, Any]:
    try:
        answers = parse(file.read_text("utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file} cannot be read: {error}") from error
    require(answers, f"in {file}")
    return answers


def _require_question(name: str, where: str) -> None:
    known = template.questions()
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
    raise click.UsageError(f"{name!r} {where} answers no question; {hint}")


def _require_kind(name: str, value: Any, where: str = "") -> None:
    question = template.questions()[name]
    if "choices" in question:
        choices = list(question["choices"].values())
        if value not in choices:
            raise click.ClickException(f"{name}{where} must be one of {', '.join(choices)}, not {value!r}")
    elif question["type"] == "int" and not re.fullmatch(r"-?[0-9]{1,9}", str(value)):
        raise click.ClickException(f"{name}{where} must be a whole number, not {value!r}")
    elif question["type"] == "bool" and str(value).lower() not in ("true", "false", "yes", "no"):
        raise click.ClickException(f"{name}{where} must be true or false, not {value!r}")
    elif question["type"] == "str" and not isinstance(value, str):
        raise click.ClickException(f"{name}{where} must be a text, not {value!r}: put it in quotes")
