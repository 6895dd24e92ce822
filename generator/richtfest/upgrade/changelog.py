"""What the template's CHANGELOG.md and MIGRATING.md tell those who generate repositories."""

import re

from packaging.version import InvalidVersion, Version

HEADING = re.compile(r"## +\[?v?([0-9][^\s\]]*)")


def entries_between(text: str, old: Version, new: Version) -> dict[str, list[str]]:
    """The entries below the headings of all versions after `old`, up to `new`: number to entries, one line each.

    A version without entries is left out.
    """
    told: dict[str, list[str]] = {}
    for number, section in sections_between(text, old, new).items():
        entries: list[str] = []
        for line in section.splitlines():
            if line.startswith(("- ", "* ")):
                entries.append(line[2:].strip())
            elif entries and line.startswith(" ") and line.strip():
                entries[-1] += " " + line.strip()
        if entries:
            told[number] = entries
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
