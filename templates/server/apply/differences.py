"""What is different between the server and what it should have, and how that is told."""

import difflib
import filecmp
import json
from pathlib import Path

from release import files as stored
from release import settings

ROOT = settings.ROOT
OWNED = ("opt/app/edge", "opt/app/release", "opt/app/monitoring")
"""Folders in which a file that the repository does not have is removed. Secrets lie elsewhere."""
APPLIED = settings.STATE / "applied.json"
"""Every path of the last apply: what is in there and no longer in the repository is removed, wherever it lies."""
LINES = 40
"""Lines of one file's differences that a person is shown."""


def find(new: Path) -> list[Path]:
    """Paths from the root that are new, changed or gone."""
    wanted = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
    changed = {path for path in wanted if not same(new / path, ROOT / path)}
    here = {Path(path) for path in stored.read_json(APPLIED) or [] if (ROOT / path).is_file()}
    for folder in OWNED:
        here |= {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()}
    return sorted(changed | {path for path in here - wanted if "__pycache__" not in path.parts})


def remember(new: Path) -> None:
    """Keep what was applied, for the next time."""
    paths = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
    stored.write(APPLIED, json.dumps(paths) + "\n")


def same(one: Path, other: Path) -> bool:
    """Whether content and mode are equal."""
    return other.is_file() and filecmp.cmp(one, other, shallow=False) and one.stat().st_mode == other.stat().st_mode


def touch(changed: list[Path], *places: str) -> bool:
    """Whether anything under one of the places is changed."""
    return any(path.is_relative_to(place) for path in changed for place in places)


def describe(new: Path, changed: list[Path]) -> str:
    """One line for each path; of a changed file also the lines."""
    return "\n".join(line for path in changed for line in _describe(new, path))


def _describe(new: Path, path: Path) -> list[str]:
    if not (ROOT / path).exists():
        return [f"new /{path}"]
    if not (new / path).exists():
        return [f"removed /{path}"]
    before, after = ((root / path).read_text("utf-8", errors="replace").splitlines() for root in (ROOT, new))
    lines = [f"  {line}" for line in difflib.unified_diff(before, after, n=1, lineterm="")][2:]
    if len(lines) > LINES:
        lines[LINES:] = [f"  ... and {len(lines) - LINES} more lines"]
    return [f"changed /{path}", *lines]
