"""Any application with a Dockerfile, in whichever language."""

import re
from pathlib import PurePosixPath

from richtfest.detect import databases, variables
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.habits import Habits
from richtfest.detect.languages import is_library, of_folder
from richtfest.detect.tree import Tree, join

STACK = "docker"
PLACES = (".", "docker", ".docker", "container", "build", "deploy")
NAMES = ("Dockerfile", "Containerfile")


def find(tree: Tree, folder: str) -> Application | None:
    """Certain with one Dockerfile in the folder itself; one elsewhere, or several, are asked."""
    found = dockerfiles(tree, folder)
    if not found or PurePosixPath(folder).name in PLACES[1:] or PurePosixPath(folder).parent.name in PLACES[1:]:
        return None
    best = found[0]
    plain = best.value in [join(folder, name) for name in NAMES]
    if not plain and tree.named(folder, "*.ipynb"):
        return None  # the image that the notebooks are read in
    doubt = "dockerfile_elsewhere" if not plain else "image_of_a_library" if is_library(tree, folder) else ""
    language, _ = of_folder(tree, folder) or ("other", None)
    return Application(
        STACK, language, folder, best.why, certain=not doubt, doubt=doubt,
        facts={"starts": found, "port": ports(tree, folder)},
    )  # fmt: skip


def dockerfiles(tree: Tree, folder: str) -> list[Fact]:
    """The Dockerfiles of a folder, the one with the plain name first; those for development are none."""
    found = []
    for place in (join(folder, name) if name != "." else folder for name in PLACES):
        for path in tree.named(place, "Dockerfile*", "*.Dockerfile", "*.dockerfile", "Containerfile*"):
            if not re.search(r"dev|test|debug|local|ci\b|ignore|\.j2$|\.erb$", PurePosixPath(path).name, re.IGNORECASE):
                found.append(Fact(path, Why(path, *_base(tree, path))))
    return sorted(
        found, key=lambda fact: (fact.value.count("/"), PurePosixPath(fact.value).name not in NAMES, fact.value)
    )


def ports(tree: Tree, folder: str) -> list[Fact]:
    """The port that the image exposes, then those that the compose files publish for what is built here."""
    found = []
    for path in (join(folder, name) for name in NAMES):
        for told in re.finditer(r"^EXPOSE[ \t]+(\d+)", tree.read(path) or "", re.MULTILINE | re.IGNORECASE):
            found.insert(0, Fact(told[1], Why(path, tree.line(path, told[0]), told[0])))  # the last stage counts
    for path, _, service in databases.services(tree, folder):
        published = service.get("ports")
        for port in published if "build" in service and isinstance(published, list) else []:
            inner = (
                str(port.get("target", ""))
                if isinstance(port, dict)
                else str(port).rpartition(":")[2].partition("/")[0]
            )
            if inner.isdigit():
                found.append(Fact(inner, Why(path, tree.line(path, str(port)), f"ports: {port}")))
    return found


def _base(tree: Tree, path: str) -> tuple[int | None, str]:
    told = re.findall(r"^FROM[ \t]+.*$", tree.read(path) or "", re.MULTILINE | re.IGNORECASE)
    return (tree.line(path, told[-1]), told[-1].strip()) if told else (None, "")


HABITS = Habits(variables=variables.of_language)
