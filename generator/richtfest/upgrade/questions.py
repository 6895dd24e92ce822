"""What a new version asks, held against the answers that the team has given: none may be reset unseen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from richtfest.answers import hint
from richtfest.generate import ANSWERS_FILE
from richtfest.upgrade.errors import Refused
from richtfest.upgrade.origin import Origin
from richtfest.upgrade.rendering import settle


def settled(
    origin: Origin, version: str, folder: Path, recorded: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers that a rendering of the version needs besides the recorded ones: those given, and those to questions
    that are new.

    Args:
        origin: the template.
        version: its new version.
        folder: the repository; defaults of new questions may look at its files.
        recorded: its answers.
        given: answers to change.

    Raises:
        Refused: an answer to no question, or the version no longer accepts a recorded answer.
    """
    asked = _questions(origin, version)
    for name in given:
        if name not in asked:
            raise Refused(f"{name!r} answers no question of {version}; {hint(name, asked)}")
    told = settle(origin, version, folder, {})
    reset = [name for name in _reset(told, recorded) if name not in given]
    if reset:
        raise Refused(
            f"{version} does not accept every answer of yours any more, and would put others in their place: "
            "change them first, with -d name=value",
            [_accepted(origin, version, folder, name, recorded[name], asked[name]) for name in reset],
        )
    if given:
        told = settle(origin, version, folder, dict(given))
    return {name: value for name, value in told.items() if name in asked and name not in recorded} | dict(given)


def accepts(origin: Origin, version: str, folder: Path, name: str, value: Any) -> bool:
    """Whether a version takes this answer to a question, beside the recorded answers to all others."""
    try:
        settle(origin, version, folder, {name: value})
    except Refused:
        return False
    return True


def never_accepted(origin: Origin, version: str, folder: Path, recorded: Mapping[str, Any], reason: Refused) -> Refused:
    """Why the version that made a repository cannot be rendered: a recorded answer that it does not accept, or
    `reason`."""
    wrong = _reset(settle(origin, version, folder, {}), recorded)
    if not wrong:
        return reason
    asked = _questions(origin, version)
    return Refused(
        f"{version}, which made {folder}, does not accept every recorded answer: put one that it accepts into "
        f"{folder / ANSWERS_FILE}, and commit",
        [_accepted(origin, version, folder, name, recorded[name], asked.get(name)) for name in wrong],
    )


def _reset(told: Mapping[str, Any], recorded: Mapping[str, Any]) -> list[str]:
    """Recorded answers in whose place Copier would put others."""
    return [name for name, value in recorded.items() if name in told and not _same(told[name], value)]


def _questions(origin: Origin, version: str) -> dict[str, Any]:
    return {
        name: question
        for name, question in origin.settings(version).items()
        if not name.startswith("_") and not (isinstance(question, dict) and question.get("when") is False)
    }


def _same(one: Any, other: Any) -> bool:
    """Equal, or the same words in another type: 2 and "2"."""
    return one == other or str(one).lower() == str(other).lower()


def _accepted(origin: Origin, version: str, folder: Path, name: str, value: Any, question: Any) -> str:
    """One line: the answer, and what the version accepts in its place."""
    choices = question.get("choices") if isinstance(question, dict) else None
    values = list(choices.values()) if isinstance(choices, dict) else choices
    if isinstance(values, list) and value not in values:
        return f"{name}: {value!r}; accepted now: {', '.join(map(str, values))}"
    try:
        settle(origin, version, folder, {name: value})
    except Refused as reason:
        return f"{name}: {value!r}; {reason.__cause__ or reason}"
    return f"{name}: {value!r}"
