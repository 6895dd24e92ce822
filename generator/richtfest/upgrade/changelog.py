"""What the template's changelog tells those who generate repositories."""

import re

from packaging.version import InvalidVersion, Version

HEADING = re.compile(r"## +\[?v?([0-9][^\s\]]*)")


def between(text: str, old: Version, new: Version) -> list[str]:
    """The entries of all versions after `old`, up to `new`, in the order of the changelog; one line each."""
    entries: list[str] = []
    wanted = False
    for line in text.splitlines():
        if line.startswith("## "):
            wanted = _is_between(line, old, new)
        elif wanted and line.startswith(("- ", "* ")):
            entries.append(line[2:].strip())
        elif wanted and entries and line.startswith(" ") and line.strip():
            entries[-1] += " " + line.strip()
    return entries


def _is_between(heading: str, old: Version, new: Version) -> bool:
    found = HEADING.match(heading)
    try:
        return bool(found) and old < Version(found[1]) <= new
    except InvalidVersion:
        return False
