"""When a backup was made last, for whoever must be told that it is too long ago."""

import json
import re
import time

from release import files
from release.settings import APPLICATION, STATE

FILE = STATE / "backup.json"
DECLARED = re.compile(r"^  backup:", re.MULTILINE)
"""A service called backup, as it stands in compose.yml: asking Compose each time would take a second."""


def are_made() -> bool:
    """Whether server/compose.yml has a service that makes them."""
    try:
        return bool(DECLARED.search((APPLICATION / "compose.yml").read_text("utf-8")))
    except OSError:
        return False


def remember(said: str) -> None:
    """A backup has just been made; `said` is the last line that it printed."""
    files.write(FILE, json.dumps({"ended": time.time(), "said": said}) + "\n")


def last_success() -> float:
    """Seconds since 1970 of the last good backup; 0: there was none."""
    return (files.read_json(FILE) or {}).get("ended", 0)
