"""What the template's CHANGELOG.md and MIGRATING.md tell those who generate repositories."""

import re

from packaging.version import InvalidVersion, Version

HEADING = re.compile(r"## +\[?v?([0-9][^\s\]]*)")


def entries(section: str) -> list[str]:
    """The entries of a section, one line each."""
    told: list[str] = []
    for line in section.splitlines():
        if line.startswith(("- ", "* ")):
            told.append(line[2:].strip())
        elif told and line.startswith(" ") and line.strip():
            told[-1] += " " + line.strip()
    return told


def sections_between(text: str, old: Version, new: Version) -> dict[str, str]:
    """The text below the headings of all versions after `old`, up to `new`: number to text."""
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
