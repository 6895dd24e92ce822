"""What an earlier run wrote into a repository: no evidence of what the application is, and nothing that is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from richtfest.detect.tree import Tree, join
from richtfest.template import ANSWERS_FILE, locate, questions

ROOTS = (".github", ".gitlab", ".gitlab-ci.yml.jinja")
STARTER = "#{ starter_files }#"
"""The application that a starter begins with: it is the team's own from the first day on."""


def files(repository: Path) -> list[str]:
    """The generated files that detection would look at, by the answers that are recorded; none without such answers."""
    recorded = Tree(repository).yaml(ANSWERS_FILE)
    if not isinstance(recorded, dict) or recorded.get("stack") not in questions()["stack"]["choices"].values():
        return []
    templates, folder = locate().path / "templates", str(recorded.get("application_folder") or ".")
    ours = [join(folder, name) for name in _in_application(templates, recorded)]
    return [*ours, *(name for root in ROOTS for name in _named(templates / root, templates))]


def _in_application(templates: Path, recorded: dict[str, Any]) -> Iterator[str]:
    """What lies beside the application; image and .dockerignore only where they are not the team's own."""
    place = "#{ application_folder }#"
    for base in (templates / place, templates / f"#{{ stack_{recorded['stack']} }}#" / place):
        for name in _named(base, base):
            if not (recorded.get("own_dockerfile") and name in ("Dockerfile", ".dockerignore")):
                yield name


def _named(place: Path, base: Path) -> Iterator[str]:
    """The files below a place of the template, as they are called where they were generated."""
    for path in [place] if place.is_file() else place.rglob("*"):
        inner = path.relative_to(base)
        if path.is_file() and STARTER not in inner.parts:
            yield inner.as_posix().removesuffix(".jinja")
