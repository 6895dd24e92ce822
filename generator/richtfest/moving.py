"""Moving many files into a folder that is in use: all of them or none, also when the process is killed."""

import hashlib
import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from richtfest.signals import ENDING

JOURNAL = "journal.json"


def move_all(scratch: Path, rendered: Path, destination: Path, files: list[Path]) -> None:
    """Move files from `rendered`, inside the scratch folder, to the same places below `destination`.

    A journal in the scratch folder says what is being moved, so that the next run can undo what a killed one began.
    A signal that arrives meanwhile comes too late: the move takes milliseconds and is finished.

    Raises:
        OSError: one of them cannot be moved; everything is as it was.
    """
    with uninterrupted():
        journal = _write_journal(scratch, rendered, destination, files)
        try:
            for folder in _read(journal)["folders"]:
                (destination / folder).mkdir()
            for file in files:
                (rendered / file).rename(destination / file)
        except OSError:
            _undo(journal, destination)
            raise
        finally:
            journal.unlink()


def undo_unfinished(scratch: Path, destination: Path) -> list[str]:
    """Undo the moves that a killed run began and did not finish; returns the files that were taken away.

    When all files had been moved, the repository is complete and stays.
    """
    journal = scratch / JOURNAL
    if not journal.is_file():
        return []
    told = _read(journal)
    waiting = [file for file in told["files"] if (scratch / told["rendered"] / file).is_file()]
    undone = _undo(journal, destination) if waiting else []
    journal.unlink()
    return undone


@contextmanager
def uninterrupted() -> Iterator[None]:
    """A piece of work of some milliseconds that Ctrl-C, SIGTERM and SIGHUP do not stop half way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _too_late) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _too_late(number: int, frame: FrameType | None) -> None:
    """What was begun is finished first; then there is nothing left to stop."""


def _write_journal(scratch: Path, rendered: Path, destination: Path, files: list[Path]) -> Path:
    told = {
        "rendered": rendered.relative_to(scratch).as_posix(),
        "folders": _missing_folders(destination, files),
        "files": {file.as_posix(): _digest(rendered / file) for file in files},
    }
    journal, unfinished = scratch / JOURNAL, scratch / f"{JOURNAL}.part"
    unfinished.write_text(json.dumps(told, indent=2), "utf-8")
    return unfinished.replace(journal)


def _read(journal: Path) -> dict[str, Any]:
    return json.loads(journal.read_text("utf-8"))


def _missing_folders(destination: Path, files: list[Path]) -> list[str]:
    """The folders that the files need and that are not there, outermost first."""
    needed = {folder for file in files for folder in file.parents}
    return sorted(folder.as_posix() for folder in needed if not (destination / folder).is_dir())


def _undo(journal: Path, destination: Path) -> list[str]:
    """Take away what the journal names and nobody has changed, then the folders that are empty by that."""
    told, undone = _read(journal), []
    for file, digest in told["files"].items():
        moved = destination / file
        if _is_inside(moved, destination) and moved.is_file() and _digest(moved) == digest:
            moved.unlink()
            undone.append(file)
    for folder in reversed(told["folders"]):
        made = destination / folder
        if _is_inside(made, destination) and made.is_dir() and not any(made.iterdir()):
            made.rmdir()
    return undone


def _is_inside(path: Path, destination: Path) -> bool:
    """A journal is a file that anybody can write: what it says about other places does not count."""
    return not path.is_symlink() and path.resolve().is_relative_to(destination.resolve())


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
