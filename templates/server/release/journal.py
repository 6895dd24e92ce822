"""The journal of the release under way: what `recover` needs after the process was killed or the power was cut."""

import json
from dataclasses import asdict, dataclass

from release import files
from release.records import Release
from release.settings import STATE

FILE = STATE / "journal.json"


@dataclass(frozen=True)
class Entry:
    """The release, its colour, and the colour that served before; `former` is "" at the first release."""

    colour: str
    former: str
    release: Release


def write(colour: str, former: str | None, release: Release) -> None:
    """Say what is about to be done, before it is done."""
    told = {"colour": colour, "former": former or "", "release": asdict(release)}
    files.write(FILE, json.dumps(told) + "\n")


def read() -> Entry | None:
    """The release under way, or left behind; None when there is none."""
    told = files.read_json(FILE)
    return Entry(told["colour"], told["former"], Release(**told["release"])) if told else None


def clear() -> None:
    """The release has ended and is recorded."""
    files.remove(FILE)
