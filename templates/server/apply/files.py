"""Putting files in place, and back."""

import shutil
from pathlib import Path

from release.settings import ROOT


def keep(changed: list[Path], old: Path) -> None:
    """Keep what is about to be replaced."""
    for path in changed:
        if (ROOT / path).is_file():
            (old / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, old / path)


def replace(source: Path, paths: list[Path]) -> None:
    """Bring these paths to the state they have under `source`, each in one step. Folders stay the same folders:
    a container that has one mounted must see the new file."""
    for path in paths:
        target = ROOT / path
        if not (source / path).is_file():
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.new")
        shutil.copy2(source / path, beside)
        beside.rename(target)
