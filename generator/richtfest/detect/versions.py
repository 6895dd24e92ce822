"""Versions of runtimes, as files pin them."""

import re

from richtfest.detect.findings import Fact, Why
from richtfest.detect.tree import Tree, join


def pinned(tree: Tree, folder: str, *places: tuple[str, str]) -> list[Fact]:
    """What files of a folder pin, in their order; each place is a file and a pattern whose group is the version."""
    found = []
    for file, pattern in places:
        path = join(folder, file)
        if told := re.search(pattern, tree.read(path) or "", re.MULTILINE):
            found.append(Fact(told[1], Why(path, tree.line(path, told[1]), told[0].strip())))
    return found
