"""Asking git about a repository, so that nothing is run that the repository names."""

import os
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path


def files(folder: Path, *which: str) -> list[str] | None:
    """The files that git lists, such as `--cached`; None without git, or where there is no repository."""
    told = _ask(folder, "ls-files", "-z", *which)
    return told.split("\0")[:-1] if told is not None else None


def ignored(folder: Path, paths: Iterable[str]) -> set[str] | None:
    """Those paths that the files called .gitignore leave out for everybody; None without git.

    What only this clone or this person leaves out does not count, and theirs need not be a repository yet: asked is an
    empty one elsewhere around the same files. It is bare, so that it has no files of its own beside what git keeps.
    """
    with tempfile.TemporaryDirectory(prefix="richtfest-") as empty:
        if _ask(folder, "init", "--quiet", "--bare", "--template=", empty) is None:
            return None
        here = (f"--git-dir={empty}", f"--work-tree={folder.resolve()}", "-c", f"core.excludesFile={os.devnull}")
        told = _ask(folder, *here, "check-ignore", "--no-index", "-z", "--stdin", given="\0".join(paths))
    return set(told.split("\0")[:-1]) if told is not None else None


def _ask(folder: Path, *arguments: str, given: str = "") -> str | None:
    # A monitor of the file system would be a program that the repository's settings name.
    command = ["git", "-c", "core.fsmonitor=false", *arguments]
    try:
        told = subprocess.run(command, cwd=folder, input=given.encode(), capture_output=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None
    nothing_ignored = told.returncode == 1 and "check-ignore" in arguments
    return told.stdout.decode("utf-8", "replace") if told.returncode == 0 or nothing_ignored else None
