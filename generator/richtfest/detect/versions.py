"""Versions of runtimes, as files pin them, and which others they would take."""

import re

from richtfest.detect.findings import Fact, Why
from richtfest.detect.tree import Tree, join

IMAGES = {"python": "python", "javascript": "node", "ruby": "ruby", "php": "php", "java": "eclipse-temurin"}
"""The image that a language is run in, whose tag is the version."""

COMPARED = re.compile(r"(>=|<=|!=|===?|~>|~=|[<>=^~])?\s*v?([0-9]+(?:\.[0-9]+)*)")
NEWEST = 10_000
"""Stands for the parts of a version that are left open: 3.13 is the newest of its kind."""


def pinned(tree: Tree, folder: str, *places: tuple[str, str]) -> list[Fact]:
    """What files of a folder pin, in their order; each place is a file and a pattern whose group is the version."""
    found = []
    for file, pattern in places:
        path = join(folder, file)
        if told := re.search(pattern, tree.read(path) or "", re.MULTILINE):
            found.append(Fact(told[1], Why(path, tree.line(path, told[1]), told[0].strip())))
    return found


def of_image(tree: Tree, folder: str, language: str) -> list[Fact]:
    """The version that the Dockerfile of a folder takes in the last stage that names one."""
    path = join(folder, "Dockerfile")
    if language not in IMAGES:
        return []
    pattern = rf"^FROM[ \t]+(?:--\S+[ \t]+)*(?:\S+/)?{IMAGES[language]}:(\d+(?:\.\d+)*)"
    told = list(re.finditer(pattern, tree.read(path) or "", re.MULTILINE | re.IGNORECASE))
    return [Fact(told[-1][1], Why(path, tree.line(path, told[-1][0]), told[-1][0]))] if told else []


def allows(wanted: str, version: str) -> bool:
    """Whether a range, in the words of any package manager, takes the newest of a version: ^8.2 takes 8.4."""
    alternatives = re.sub(r"([\d.]+)\s+-\s+([\d.]+)", r">=\1 <=\2", wanted).split("|")
    told = [COMPARED.findall(alternative) for alternative in alternatives if alternative.strip()]
    return any(all(_compared(operator, _parts(other), _parts(version)) for operator, other in one) for one in told)


def _compared(operator: str, wanted: list[int], version: list[int]) -> bool:
    newest, length = [*version, NEWEST, NEWEST][:3], len(wanted)
    if operator in (">=", ">"):
        return newest >= wanted
    if operator == "<":
        return newest < [*wanted, 0, 0][:3]
    if operator == "<=":
        return newest[:length] <= wanted
    if operator == "!=":
        return True
    same = 1 if operator == "^" else max(length - 1, 1) if operator.startswith("~") else length
    same = min(same, len(version))  # 3.4 may be the 3.4.1 that is wanted
    return newest[:same] == wanted[:same] and (not operator.startswith(("^", "~")) or newest >= wanted)


def _parts(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"[0-9]{1,9}", version)][:3]
