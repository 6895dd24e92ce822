"""The record of all releases: /var/lib/release/releases.jsonl, one line per attempt, only ever appended to."""

import json
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from release import files
from release.settings import STATE

GOOD = "deployed"
KEEP = 5
"""Good releases whose images stay on the server: that far a rollback needs no registry."""


@dataclass
class Release:
    """One attempt: an image, who wanted it and why, and how it ended.

    `commit` is what the image was built from, `configuration` a fingerprint of the settings and secrets it ran with.
    `result` is "deployed", "failed" (never had traffic) or "rolled back". `rollback_of` names the release that a
    rollback took out of service.
    """

    release: str
    image: str
    actor: str
    commit: str = ""
    configuration: str = ""
    reason: str = ""
    started: float = field(default_factory=time.time)
    ended: float = 0
    result: str = ""
    sentence: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    rollback_of: str = ""


def history() -> list[Release]:
    """Every attempt, oldest first. A last line torn by a power cut is left out."""
    file = STATE / "releases.jsonl"
    if not file.exists():
        return []
    found = []
    for line in file.read_text("utf-8").splitlines():
        try:
            found.append(Release(**json.loads(line)))
        except ValueError:
            continue
    return found


def next_id() -> str:
    """r1, r2, … ; the caller holds the lock."""
    return f"r{len(history()) + 1}"


def write(release: Release) -> None:
    """Append one ended attempt."""
    release.ended = time.time()
    files.append(STATE / "releases.jsonl", json.dumps(asdict(release), sort_keys=True))


def serving() -> Release | None:
    """The release that has the traffic: the last good one."""
    return next((release for release in reversed(history()) if release.result == GOOD), None)


def rejected() -> set[str]:
    """Releases that were taken out of service by a rollback: never a target again by themselves."""
    return {release.rollback_of for release in history() if release.rollback_of and release.result == GOOD}


def targets() -> list[Release]:
    """Good releases that a rollback may go back to, the latest first: not what serves, not what was rejected."""
    now = serving()
    bad_images = {release.image for release in history() if release.release in rejected()}
    found: dict[str, Release] = {}
    for release in reversed(history()):
        usable = release.result == GOOD and not release.rollback_of
        if usable and now and release.image != now.image and release.image not in bad_images:
            found.setdefault(release.image, release)
    return list(found.values())


def kept_images() -> set[str]:
    """Images of the last good releases."""
    images: list[str] = []
    for release in reversed(history()):
        if release.result == GOOD and release.image not in images:
            images.append(release.image)
    return set(images[:KEEP])
