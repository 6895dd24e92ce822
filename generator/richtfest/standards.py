"""House standards: answers that a consultancy or a company gives once, for all repositories that it makes."""

import difflib
import hashlib
import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml

from richtfest import answers as given

FILE = "richtfest-standard.yml"
"""Where a git repository holds its standard."""

RECORD = ("standard", "standard_version")
"""The questions whose answers record where a repository's standard is, and which version of it counts."""

WORDS = {
    "en": {
        "standard": "House standard: {name}; its locked answers: {locked}",
        "unknown": "House standard: {why}; its locked answers were not looked at.",
        "unchecked": " Nobody has checked whether they allow {changes}.",
        "moved": "It has another version than the one recorded here, and no locked answer differs. Record it by: "
        "{command}",
        "changed": "It asks for something else than this repository has: {changes}. Take that over by: {command}",
    },
    "de": {
        "standard": "Hausstandard: {name}; seine festen Antworten: {locked}",
        "unknown": "Hausstandard: {why}; seine festen Antworten wurden nicht verglichen.",
        "unchecked": " Ob sie {changes} erlauben, hat niemand geprüft.",
        "moved": "Er hat eine andere Version als die hier festgehaltene, und keine feste Antwort weicht ab. Haltet sie "
        "fest mit: {command}",
        "changed": "Er verlangt etwas anderes, als dieses Repository hat: {changes}. Übernehmt das mit: {command}",
    },
}

PATIENCE = 120
"""Seconds that git may take to fetch a standard."""


class StandardError(Exception):
    """A standard cannot be read, or an answer contradicts it. The message is one sentence for a person."""


@dataclass(frozen=True)
class Standard:
    """One version of a house standard.

    `presets` are better defaults. `locked` answers are not asked, and no others are accepted. `source` and
    `version` are recorded in the answers of a repository.
    """

    name: str
    source: str
    version: str
    presets: dict[str, Any]
    locked: dict[str, Any]

    @property
    def record(self) -> dict[str, str]:
        """The answers that record this version."""
        return dict(zip(RECORD, (self.source, self.version), strict=True))

    def bind(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """These answers, with the locked ones and the record.

        Raises:
            StandardError: one of them contradicts.
        """
        for name, value in answers.items():
            if name in RECORD:
                raise StandardError(f"{name} is what --standard records: leave out -d {name}")
            if name in self.locked and not _same(value, self.locked[name]):
                fixed = f"{name} is {_text(self.locked[name])} by the house standard {self.name}"
                raise StandardError(f"{fixed} and cannot be {_text(value)}")
        return {**answers, **self.locked, **self.record}

    def blame(self, refusal: str, answers: Mapping[str, Any]) -> str:
        """What to add to a refusal that a preset has earned, which does not go with the answers given."""
        for name, value in self.presets.items():
            if name not in answers and refusal.startswith(name):
                return f"; {_text(value)} is a preset of the house standard {self.name}: answer {name} yourself with -d"
        return ""

    def changes(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The locked answers that a repository with these answers does not have."""
        return {name: value for name, value in self.locked.items() if not _same(answers.get(name), value)}


def read(source: str) -> Standard:
    """Read the current version of a standard.

    Args:
        source: a file, or a git repository (a folder or an address) that holds richtfest-standard.yml; after the
            address may stand `#` and a branch, a tag or a commit.

    Raises:
        StandardError: it cannot be had, is no standard, or answers a question that there is not.
    """
    path, text = Path(source), ""
    if path.is_file():
        source = str(path.resolve())
        try:
            raw = path.read_bytes()
            text = raw.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise StandardError(f"the house standard {source} cannot be read: {error}") from error
        version = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    else:
        address, _, ref = source.partition("#")
        if Path(address).is_dir():
            address = str(Path(address).resolve())
            source = f"{address}#{ref}" if ref else address
        elif ":" not in address:
            raise StandardError(f"there is no house standard {address}: name a file or a git repository")
        version, text = _fetch(address, ref or "HEAD")
    return _understand(text, source, version)


def listed(answers: Mapping[str, Any], before: str = "") -> str:
    """Answers in one line, such as `cloud: hetzner, iac: opentofu`; nothing when there are none."""
    return before + ", ".join(f"{name}: {_text(value)}" for name, value in answers.items()) if answers else ""


def news(answers: Mapping[str, Any], wanted: Mapping[str, Any] | None = None) -> list[str]:
    """What an update should tell about the standard of a repository with these answers; nothing when it has none.

    A standard that has changed is no reason to miss a newer template: it is told, with the words that take it over.

    Args:
        answers: the recorded ones.
        wanted: answers that the update is to change.

    Raises:
        StandardError: one of the wanted answers contradicts the standard.
    """
    source = str(answers.get("standard") or "")
    words = WORDS["de" if answers.get("language") == "de" else "en"]
    others = {name: value for name, value in (wanted or {}).items() if name not in RECORD}
    if not source or "standard" in (wanted or {}):
        return []
    try:
        standard = read(source)
    except StandardError as error:
        unchecked = words["unchecked"].format(changes=listed(others)) if others else ""
        return [words["unknown"].format(why=error) + unchecked]
    standard.bind(others)
    lines = [words["standard"].format(name=standard.name, locked=listed(standard.locked) or "-")]
    changes = standard.changes({**answers, **others})
    command = _command({**changes, "standard_version": standard.version})
    if changes:
        lines.append(words["changed"].format(changes=listed(changes), command=command))
    elif {**answers, **(wanted or {})}.get("standard_version") != standard.version:
        lines.append(words["moved"].format(command=command))
    return lines


def _command(changes: Mapping[str, Any]) -> str:
    """What takes these answers over."""
    return "richtfest update " + " ".join(f"-d {name}={shlex.quote(_text(value))}" for name, value in changes.items())


def of_repository(repository: Path, wanted: Mapping[str, Any]) -> list[str]:
    """The same for a repository that is to be updated; whether it can be updated at all is for the update to say.

    Raises:
        StandardError: one of the wanted answers contradicts the standard.
    """
    try:
        answers = yaml.safe_load((repository / ".copier-answers.yml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return []
    return news(answers, wanted) if isinstance(answers, dict) else []


def _fetch(address: str, ref: str) -> tuple[str, str]:
    """The commit and the text of the standard in a git repository."""
    with tempfile.TemporaryDirectory(prefix="richtfest-standard-") as folder:
        _git(folder, address, "init", "--quiet", "--bare")
        _git(folder, address, "fetch", "--quiet", "--depth=1", "--no-tags", "--", address, ref)
        commit = _git(folder, address, "rev-parse", "FETCH_HEAD^{commit}").strip()
        try:
            return commit, _git(folder, address, "show", f"{commit}:{FILE}")
        except StandardError as error:
            raise StandardError(f"{address} holds no {FILE} in its root (at {ref})") from error


def _git(folder: str, address: str, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=os.environ | {"GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError as error:
        raise StandardError("git is needed to read a house standard and was not found: install it") from error
    except subprocess.TimeoutExpired as error:
        raise StandardError(f"the house standard {address} did not come within {PATIENCE} seconds") from error
    except UnicodeDecodeError as error:
        raise StandardError(f"{FILE} in {address} is no text in UTF-8") from error
    if done.returncode:
        reason = [line for line in done.stderr.strip().splitlines() if line.strip()] or ["git says no more"]
        raise StandardError(f"the house standard {address} cannot be read: {reason[0].removeprefix('fatal: ')}")
    return done.stdout


def _understand(text: str, source: str, version: str) -> Standard:
    known = ("name", "presets", "locked")
    try:
        told = given.parse(text, source)
        for word in told:
            if word not in known:
                near = difflib.get_close_matches(word, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
                raise StandardError(f"{word!r} in {source} is no part of a house standard; {hint}")
        presets, locked = _answers(told, "presets", source), _answers(told, "locked", source)
    except click.ClickException as error:
        raise StandardError(error.message) from error
    name = told.get("name")
    if not isinstance(name, str) or not name.strip() or "\n" in name.strip():
        raise StandardError(f'{source} has no name: write it as name: "Acme\'s standard", in one line')
    if twice := sorted(presets.keys() & locked.keys()):
        raise StandardError(f"{twice[0]} stands in {source} both under presets and under locked: keep one")
    return Standard(name.strip(), source, version, presets, locked)


def _answers(told: Mapping[str, Any], part: str, source: str) -> dict[str, Any]:
    answers = told.get(part) or {}
    if not isinstance(answers, dict):
        raise StandardError(f"{part} in {source} must hold lines of the form name: value")
    answers = {str(name): value for name, value in answers.items()}
    given.require(answers, f"under {part} in {source}")
    if bad := [name for name in RECORD if name in answers]:
        raise StandardError(f"{bad[0]} in {source} is what a repository records: leave it out")
    return answers


def _same(one: Any, other: Any) -> bool:
    """Whether two answers mean the same: the command line knows texts only."""
    return _text(one) == _text(other)


def _text(value: Any) -> str:
    if isinstance(value, bool) or str(value).lower() in ("yes", "no", "true", "false"):
        return "true" if str(value).lower() in ("true", "yes") else "false"
    return str(value)
