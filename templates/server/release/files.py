"""Files that survive a power cut: written beside, synced, renamed."""

import json
import os
from pathlib import Path
from typing import Any


def write(file: Path, text: str) -> None:
    """Replace a file in one step; afterwards either the old or the new text is there, whatever happens."""
    beside = file.with_name(f".{file.name}.new")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.chmod(0o644)
    beside.rename(file)
    _sync_folder(file.parent)


def append(file: Path, line: str) -> None:
    """Add one line to a log and make sure that it is on the disk. A line torn by a power cut is closed first."""
    torn = file.exists() and file.stat().st_size > 0 and not file.read_bytes().endswith(b"\n")
    with file.open("a", encoding="utf-8") as stream:
        stream.write(("\n" if torn else "") + line + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def read_json(file: Path) -> Any:
    """The content of a JSON file; None when it is not there."""
    try:
        return json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None


def remove(file: Path) -> None:
    """Remove a file that may not be there."""
    file.unlink(missing_ok=True)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
