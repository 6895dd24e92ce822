"""What the image is built from: lock files, and the server that it starts."""

from collections.abc import Iterator

from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect.findings import Why
from richtfest.detect.tree import join, upwards


def look(adoption: Adoption) -> Iterator[Suggestion]:
    """Without these the generated image is not built, or its container ends at once."""
    if adoption.dockerfile or adoption.found.stack != adoption.value("stack", adoption.found.stack):
        return
    usable = adoption.habits.image_locks
    if usable and not any(adoption.tree.has(join(adoption.folder, lock)) for lock in usable):
        yield _unlocked(adoption, "lock_needed")
    if server := adoption.habits.server(adoption.tree, adoption.found):
        yield Suggestion("server_missing", _manifest(adoption), {"server": server})
    for lack in adoption.habits.lacks(adoption.tree, adoption.found):
        yield Suggestion(lack.kind, lack.why, lack.values)


def pinned(adoption: Adoption) -> Iterator[Suggestion]:
    """Without a lock file each build takes what is newest on that day."""
    habits = adoption.habits
    if habits.lock_command and not _has_lock(adoption) and (adoption.dockerfile or not habits.image_locks):
        yield _unlocked(adoption, "lock_missing")


def _has_lock(adoption: Adoption) -> bool:
    """A lock file may lie higher than the application."""
    places, locks = upwards(adoption.found.folder), adoption.habits.locks
    if any(adoption.tree.has(join(place, lock)) for place in places for lock in locks):
        return True
    return adoption.habits.pinned(adoption.tree, adoption.found)


def _unlocked(adoption: Adoption, kind: str) -> Suggestion:
    values = {"lock": adoption.habits.locks[0], "command": adoption.habits.lock_command}
    return Suggestion(kind, _manifest(adoption), values)


def _manifest(adoption: Adoption) -> Why:
    """The file that lists the dependencies."""
    named = adoption.found.facts.get("package_manager", [])
    return Why(named[0].why.file if named else adoption.found.why.file)
