"""Nothing that the team wrote is lost: what a merge has no place for is saved, and its place is told.

This does not trust the merge: it compares the lines that the team had with those that come out.
"""

from collections import Counter
from itertools import count

from richtfest.upgrade.merge import SUBMODULE, Entry, Merged, Tree, Workshop
from richtfest.upgrade.result import Saved

FOLDER = ".richtfest/saved"
SUFFIX = ".yours"
"""No tool takes such a file for one of its own."""


def save(merged: Merged, workshop: Workshop, version: str) -> list[Saved]:
    """Add to `merged.after` what would be lost, and say where it is."""
    saved = []
    for path in _losses(merged, workshop, merged.renamed):
        place = _free_place(merged, workshop.project.subfolder, path, version)
        merged.after[place] = Entry("100644", merged.before[path].content)
        why = "renamed" if path in merged.renamed else "replaced" if path in merged.now else "deleted"
        saved.append(Saved(path, place, why))
    return saved


def _losses(merged: Merged, workshop: Workshop, renamed: dict[str, str]) -> list[str]:
    """Paths of which a line that the team wrote is neither in the file nor in the one that took its place."""
    suspects = [path for path in sorted(merged.before) if _is_suspect(merged, path)]
    if not suspects:
        return []
    trees: list[Tree] = [merged.before, merged.was, merged.after]
    wanted = {*suspects, *(renamed[path] for path in suspects if path in renamed)}
    names = {tree[path].content for path in wanted for tree in trees if path in tree}
    contents = workshop.contents(names)

    def lines(tree: Tree, path: str) -> Counter[bytes]:
        entry = tree.get(path)
        return Counter(contents[entry.content].splitlines()) if entry else Counter()

    def is_lost(path: str) -> bool:
        written = lines(merged.before, path) - lines(merged.was, path)
        places = [path, renamed[path]] if path in renamed else [path]
        return not any(written <= lines(merged.after, place) for place in places)

    return [path for path in suspects if is_lost(path)]


def _is_suspect(merged: Merged, path: str) -> bool:
    """Whether the team has made something of a file, and the update something else."""
    ours, was, after = merged.before[path], merged.was.get(path), merged.after.get(path)
    edited = was is None or was.content != ours.content
    return edited and ours.mode != SUBMODULE and (after is None or after.content != ours.content)


def _free_place(merged: Merged, subfolder: str, path: str, version: str) -> str:
    """Where a version can be saved: a place of its own, outside of all folders that tools read as a whole."""
    inside = path.removeprefix(subfolder)
    for number in count(1):
        suffix = SUFFIX if number == 1 else f"{SUFFIX}{number}"
        place = f"{subfolder}{FOLDER}/{version}/{inside}{suffix}"
        taken = merged.after.get(place)
        if taken is None or taken.content == merged.before[path].content:
            return place
    raise AssertionError
