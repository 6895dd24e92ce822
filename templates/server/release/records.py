"""The record of all releases: /var/lib/release/releases.jsonl, one line per attempt, only ever appended to."""

import json
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from release import files
from release.counters import Counts
from release.settings import STATE

FILE = STATE / "releases.jsonl"
DEPLOYED, FAILED, ROLLED_BACK = RESULTS = "deployed", "failed", "rolled_back"
"""How an attempt ended: it serves, or served until the next one; it never had traffic; it had, and went back."""
KEEP = 5
"""Good releases whose images and settings stay on the server: that far a rollback needs no registry."""


@dataclass
class Release:
    """One attempt: an image, who wanted it and why, and how it ended. Times are seconds since 1970.

    `commit` is what the image was built from and `built` when; `configuration` is a fingerprint of the settings and
    secrets it ran with, `colour` where it ran; `counts` is what the edge had counted when it was confirmed. `schema`
    and `schema_floor` are what its image says of the database, `backup` what the backup before it printed. A rollback
    names what it took out of service (`rollback_of`) and what it went back to.
    """

    release: str
    image: str
    actor: str
    reason: str = ""
    commit: str = ""
    built: float = 0
    configuration: str = ""
    started: float = field(default_factory=time.time)
    ended: float = 0
    result: str = ""
    sentence: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    colour: str = ""
    schema: int = 0
    schema_floor: int = 0
    backup: str = ""
    rollback_of: str = ""
    rollback_to: str = ""


def history() -> list[Release]:
    """Every attempt, oldest first. A line torn by a power cut is left out."""
    if not FILE.exists():
        return []
    found = []
    for line in FILE.read_text("utf-8", errors="replace").splitlines():
        try:
            found.append(Release(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found


def next_id() -> str:
    """r1, r2, … ; the caller holds the lock."""
    return f"r{1 + max((int(release.release[1:]) for release in history()), default=0)}"


def write(release: Release, result: str, sentence: str = "") -> None:
    """Append one ended attempt. From here on it is confirmed."""
    release.result, release.sentence, release.ended = result, sentence, time.time()
    files.append(FILE, json.dumps(asdict(release), sort_keys=True))


def serving() -> Release | None:
    """The release that has the traffic: the last good one."""
    return next((release for release in reversed(history()) if release.result == DEPLOYED), None)


def last_in(colour: str) -> Release | None:
    """The attempt whose container a colour holds."""
    return next((release for release in reversed(history()) if release.colour == colour), None)


def counts_at_confirmation() -> Counts:
    """What the edge had counted when the release that serves was confirmed: what came since is how it usually is."""
    now = serving()
    if not now or not now.counts:
        return Counts()
    told = now.counts
    return Counts(told["requests"], told["errors"], {float(bound): count for bound, count in told["within"].items()})


def line() -> list[Release]:
    """The good releases that led to what serves, the latest last.

    A deploy adds one. A rollback takes off its target and all that came after it, and stands in the target's place:
    what was taken off is never gone back to by itself.
    """
    found: list[Release] = []
    for release in history():
        if release.result != DEPLOYED:
            continue
        if release.rollback_of:
            same = [place for place, earlier in enumerate(found) if _what(earlier) == _what(release)]
            image = [place for place, earlier in enumerate(found) if earlier.image == release.image]
            del found[(same or image or [len(found)])[-1] :]
        found.append(release)
    return found


def targets() -> list[Release]:
    """Releases that a rollback may go back to, the latest first."""
    *before, now = line() or [None]
    return [release for release in reversed(before) if _what(release) != _what(now)]


def _what(release: Release) -> tuple[str, str]:
    return release.image, release.configuration


def kept_images() -> set[str]:
    """Images of the last good releases."""
    return set(list(dict.fromkeys(release.image for release in reversed(line())))[:KEEP])


def kept_configurations() -> set[str]:
    """Settings and secrets of the last good releases."""
    return {release.configuration for release in line()[-KEEP:]}
