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
    """Add one line to a log and make sure that it is on the disk; all of it or nothing.

    A line torn by a power cut stays a line of its own.
    """
    with file.open("ab+", buffering=0) as stream:
        size = stream.seek(0, os.SEEK_END)
        if size:
            stream.seek(-1, os.SEEK_END)
            line = line if stream.read(1) == b"\n" else f"\n{line}"
        try:
            left = f"{line}\n".encode()
            while left:
                left = left[stream.write(left) :]
            os.fsync(stream.fileno())
        except OSError:
            stream.truncate(size)
            raise


def read_json(file: Path) -> Any:
    """The content of a JSON file; None when it is not there."""
    try:
        return json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None


def rename(file: Path, name: str) -> None:
    """Give a file another name in the same folder, in one step."""
    file.rename(file.with_name(name))
    _sync_folder(file.parent)


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
