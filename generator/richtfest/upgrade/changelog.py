"""What the template's CHANGELOG.md and MIGRATING.md tell those who generate repositories."""

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


def sections_between(text: str, old: Version, new: Version) -> dict[str, str]:
    """The text of MIGRATING.md below the headings of all versions after `old`, up to `new`: number to text."""
    sections: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in text.splitlines():
        if found := HEADING.match(line):
            lines = sections.setdefault(found[1], []) if _is_between(line, old, new) else None
        elif lines is not None:
            lines.append(line)
    return {number: "\n".join(lines).strip("\n") for number, lines in sections.items()}


def _is_between(heading: str, old: Version, new: Version) -> bool:
    found = HEADING.match(heading)
    try:
        return bool(found) and old < Version(found[1]) <= new
    except InvalidVersion:
        return False
