"""The journal of the release under way: what `recover` needs after the process was killed or the power was cut."""

import json
from dataclasses import asdict, dataclass

from release import files
from release.records import Release
from release.settings import STATE

FILE = STATE / "journal.json"
BACKING_UP, MIGRATING, STARTING, VERIFYING, SWITCHING, WATCHING, REPLACING_WORKERS, GOING_BACK = PHASES = (
    "backing up", "migrating", "starting", "verifying", "switching", "watching", "replacing workers", "going back",
)  # fmt: skip
"""What a release is about to do. Afterwards it is confirmed by its line in the record."""


@dataclass(frozen=True)
class Entry:
    """The release, what it is doing, its colour, and the colour that served before: "" at the first release."""

    phase: str
    colour: str
    former: str
    release: Release


def write(phase: str, colour: str, former: str | None, release: Release) -> None:
    """Say what is about to be done, before it is done."""
    entry = Entry(phase, colour, former or "", release)
    files.write(FILE, json.dumps(asdict(entry)) + "\n")


def read() -> Entry | None:
    """The release under way, or left behind; None when there is none."""
    told = files.read_json(FILE)
    return Entry(**told | {"release": Release(**told["release"])}) if told else None


def clear() -> None:
    """The release has ended, is recorded, and nothing of it is left to tidy up."""
    files.remove(FILE)
