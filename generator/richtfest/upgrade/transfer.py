"""The last step: what came out of the merge reaches the team's tree, whole or not at all.

First a journal is written into the git folder: the index as it was, the index as it will be, and every new file ready
to be moved. Then git's index is replaced, then file after file. An interruption leaves files that are either old or
new, never half of one, and the journal with which the next run takes them back. `git reset --hard` does it, too: the
new files are in the index already.
"""

import errno
import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from richtfest.moving import uninterrupted
from richtfest.upgrade import hidden
from richtfest.upgrade.errors import Refused
from richtfest.upgrade.git import Git, GitError
from richtfest.upgrade.merge import SUBMODULE, Merged, Tree, Workshop, index_info
from richtfest.upgrade.project import Project

JOURNAL = "richtfest-update"
COMPLETE = "journal.json"
"""There once everything in the journal's folder is; before that nothing was touched."""


def bring_over(merged: Merged, workshop: Workshop) -> None:
    """Replace files and index of the team's checkout.

    Raises:
        Refused: something is in the way, or cannot be written; the tree is as it was.
    """
    project = workshop.project
    changes = changed(merged.before, merged.after)
    _require_room(project, merged, changes)
    hidden.require_none(project, changes)
    hand_over(merged, workshop)
    place = project.private(JOURNAL)
    try:
        _write_journal(project, merged, changes, place)
        with uninterrupted():  # whoever interrupts now comes too late: it is done and told
            try:
                _install_index(project, place / "index")
                _move(project, place / "files", merged, changes)
                (place / COMPLETE).unlink()
            except OSError as error:
                _take_back(project, place)
                raise Refused(f"{project.folder} cannot be written: {error}") from error
    except (GitError, OSError) as error:
        raise Refused(f"{project.folder} cannot be written: {error}") from error
    finally:
        _leave(place)


def _leave(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)


def repair(project: Project) -> bool:
    """Take back what an interrupted update has left; true when there was something.

    What was edited since then stays as it is.
    """
    place = project.private(JOURNAL)
    if not place.exists():
        return False
    with _undisturbed():
        left = (place / COMPLETE).is_file() and _take_back(project, place)
        (place / COMPLETE).unlink(missing_ok=True)
    shutil.rmtree(place)
    return left


def changed(before: Tree, after: Tree) -> list[str]:
    """Paths that differ."""
    return sorted(path for path in {*before, *after} if before.get(path) != after.get(path))


def hand_over(merged: Merged, workshop: Workshop) -> None:
    """Copy the contents that are new into the team's repository, where nothing refers to them yet."""
    new = {entry.content for entry in merged.after.values()} - {entry.content for entry in merged.before.values()}
    new |= {entry.content for stages in merged.stages.values() for entry in stages.values() if entry.mode != SUBMODULE}
    pack = workshop.git("pack-objects", "--stdout", "--quiet", given="".join(f"{name}\n" for name in new).encode())
    workshop.project.git("unpack-objects", "-q", given=pack)


def _require_room(project: Project, merged: Merged, changes: list[str]) -> None:
    """Files that git ignores are the team's, too: none is overwritten."""
    gone = {path for path in changes if path not in merged.after}
    for path in changes:
        if path not in merged.after:
            continue
        for part in [path, *(str(parent) for parent in Path(path).parents if parent.name)]:
            found = project.root / part
            if part == path and path in merged.before:
                continue
            if os.path.lexists(found) and (part == path or found.is_symlink() or not found.is_dir()):
                if part in gone or (part == path and _holds_only(found, project.root, gone)):
                    continue
                raise Refused(
                    f"{part} is in the way: git does not keep it, and the new version has {path}; move it elsewhere"
                )


def _holds_only(folder: Path, root: Path, gone: set[str]) -> bool:
    """Whether a folder holds nothing but files that the update takes away."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    files = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    return all(path.relative_to(root).as_posix() in gone for path in files)


def _write_journal(project: Project, merged: Merged, changes: list[str], place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    shutil.copyfile(_index_of(project), place / "before")
    shutil.copyfile(place / "before", place / "after")
    git = Git(project.root, GIT_INDEX_FILE=str(place / "after"))
    git("update-index", "-z", "--index-info", given=index_info({path: merged.after.get(path) for path in changes}))
    written = [path for path in changes if path in merged.after and merged.after[path].mode != SUBMODULE]
    git(
        "checkout-index", "-z", "--stdin", f"--prefix={place / 'files'}/",
        given=b"".join(os.fsencode(path) + b"\0" for path in written),
    )  # fmt: skip
    shutil.copyfile(place / "after", place / "index")
    if merged.stages:
        Git(project.root, GIT_INDEX_FILE=str(place / "index"))(
            "update-index", "-z", "--index-info", given=_stages(merged)
        )
    journal = {
        "head": project.head,
        "written": written,
        "added": [path for path in written if path not in merged.before],
        "removed": [path for path in changes if path not in merged.after],
    }
    with (place / "unfinished").open("w", encoding="utf-8") as file:
        json.dump(journal, file)
        file.flush()
        os.fsync(file.fileno())
    (place / "unfinished").replace(place / COMPLETE)


def _stages(merged: Merged) -> bytes:
    lines = [index_info(dict.fromkeys(merged.stages))]
    for path, stages in merged.stages.items():
        lines += [index_info({path: entry}, stage) for stage, entry in sorted(stages.items())]
    return b"".join(lines)


def _index_of(project: Project) -> Path:
    return project.private("index")


def _lock_of(project: Project) -> Path:
    index = _index_of(project)
    return index.with_name(index.name + ".lock")


def _install_index(project: Project, new: Path) -> None:
    """Replace git's index as git does it, behind its lock."""
    lock = _lock_of(project)
    try:
        with lock.open("xb") as file:
            file.write(new.read_bytes())
    except FileExistsError as error:
        raise Refused(
            f"another git is at work in {project.root} ({lock.name} is there): wait, then "
            f"update; if no git is running, delete {lock}"
        ) from error
    lock.replace(_index_of(project))


def _move(project: Project, files: Path, merged: Merged, changes: list[str]) -> None:
    """Move every file to its place: each is the old one or the new one at any moment."""
    for path in changes:
        if path not in merged.after:
            _remove(project.root, path)
    for path in changes:
        if path in merged.after and merged.after[path].mode != SUBMODULE:
            target = project.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            _put(files / path, target)


def _put(new: Path, target: Path) -> None:
    try:
        new.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f".{target.name}.richtfest")  # the git folder is on another file system
        shutil.move(new, beside)
        beside.replace(target)


def _remove(root: Path, path: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    target = root / path
    if target.is_dir() and not target.is_symlink():
        return
    target.unlink(missing_ok=True)
    for folder in target.parents:
        if folder == root:
            return
        try:
            folder.rmdir()
        except OSError:
            return


def _take_back(project: Project, place: Path) -> bool:
    """Put back every file that is the new one or missing, and the index; true when there was something to put back."""
    journal = json.loads((place / COMPLETE).read_text("utf-8"))
    _drop_lock(project, place)
    if project.git.text("rev-parse", "--verify", "HEAD^{commit}") != journal["head"]:
        return False  # somebody has gone on from there
    before, after = (Git(project.root, GIT_INDEX_FILE=str(place / name)) for name in ("before", "after"))
    not_old, not_new = _differing(before), _differing(after)
    staged = _staged(project.git) == _staged(Git(project.root, GIT_INDEX_FILE=str(place / "index")))
    written, added, removed = (set(journal[name]) for name in ("written", "added", "removed"))
    if staged and (written - added) | removed <= not_old and not added & not_new:
        return False  # it was complete
    for path in added - not_new:
        _remove(project.root, path)
    back = [path for path in not_old if not _is_there(project, path) or path in written - not_new]
    before("checkout-index", "-f", "-z", "--stdin", given=b"".join(os.fsencode(path) + b"\0" for path in back))
    if staged:
        shutil.copyfile(place / "before", place / "back")
        _install_index(project, place / "back")
    return staged or bool(back)


def _drop_lock(project: Project, place: Path) -> None:
    """Remove the lock of git's index where it is ours: it holds what we were about to put there."""
    lock = _lock_of(project)
    with suppress(FileNotFoundError):
        found = lock.read_bytes()
        if any(
            (place / name).is_file() and (place / name).read_bytes().startswith(found) for name in ("index", "back")
        ):
            lock.unlink()


def _differing(git: Git) -> set[str]:
    """Paths of which the content is another than in an index, and not only their times."""
    git.succeeds("update-index", "-q", "--refresh")
    return set(git.paths("diff-files", "--name-only", "-z", "--no-renames"))


def _staged(git: Git) -> bytes:
    return git("ls-files", "--stage", "-z")


def _is_there(project: Project, path: str) -> bool:
    return os.path.lexists(project.root / path)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait until this is over; it takes milliseconds."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    former = {number: signal.signal(number, lambda told, _: waiting.append(told))
              for number in (signal.SIGINT, signal.SIGTERM)}  # fmt: skip
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        for number in waiting:
            signal.raise_signal(number)
