"""Scratch folders: where a repository is rendered before it is moved, and what a killed run left of them."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from richtfest import moving

try:
    import fcntl
except ImportError:  # Windows: nobody can be told dead there, so nothing is cleared
    fcntl = None  # type: ignore[assignment]

PREFIX = ".richtfest-"
MARK = ".gitignore"
MARK_TEXT = "# A scratch folder of richtfest. When its run was killed, the next `richtfest new` clears it.\n*\n"


def nearest_folder(destination: Path) -> Path:
    """Where a destination's scratch folder belongs: itself where it exists, else the closest parent that does."""
    return next(folder for folder in (destination, *destination.parents) if folder.exists())


@contextmanager
def scratch_in(folder: Path) -> Iterator[Path]:
    """A scratch folder in a folder, on the same file system; gone afterwards whatever happens.

    Its process holds a lock on it. A scratch folder that nobody holds is of a process that is dead.

    Raises:
        OSError: it cannot be made.
    """
    scratch = folder / f"{PREFIX}{secrets.token_hex(4)}"
    held = None
    try:
        with _locked(folder):  # or somebody who clears would see it between being made and being held
            scratch.mkdir()
            held = _hold(scratch)
        (scratch / MARK).write_text(MARK_TEXT, "utf-8")
        yield scratch
    finally:
        with moving.uninterrupted():
            shutil.rmtree(scratch, ignore_errors=True)
        if held is not None:
            os.close(held)


def clear(folder: Path) -> list[str]:
    """Clear what killed runs left in a folder; returns the files that were moved there and are taken away again.

    Files that were moved completely stay, and so does every file that was changed since.
    """
    undone: list[str] = []
    if not any(_left_in(folder)):
        return undone
    with _locked(folder):
        for scratch in _left_in(folder):
            held = _hold(scratch)
            if held is None:
                continue
            try:
                undone += moving.undo_unfinished(scratch, folder)
                shutil.rmtree(scratch, ignore_errors=True)
            finally:
                os.close(held)
    return undone


def _left_in(folder: Path) -> list[Path]:
    """Scratch folders by their mark, and those whose run was killed before it could set one."""
    found = [path for path in sorted(folder.glob(f"{PREFIX}*")) if path.is_dir() and not path.is_symlink()]
    return [path for path in found if _is_marked(path) or not any(path.iterdir())]


def _is_marked(scratch: Path) -> bool:
    mark = scratch / MARK
    return mark.is_file() and MARK_TEXT.startswith(mark.read_text("utf-8", "replace"))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Alone in a folder for some milliseconds. Where folders cannot be locked, nobody clears either."""
    if fcntl is None:
        yield
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # such as on NFS
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _hold(scratch: Path) -> int | None:
    """Take the lock of a scratch folder, until the descriptor is closed or the process is gone."""
    if fcntl is None:
        return None
    opened = os.open(scratch, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(opened)
        return None
    return opened
