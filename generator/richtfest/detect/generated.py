"""What an earlier run wrote into a repository: no evidence of what the application is, and nothing that is kept."""

from collections.abc import Iterator
from pathlib import Path

from richtfest.detect.tree import Tree, join
from richtfest.template import ANSWERS_FILE, locate, of_stack, questions

ROOTS = (".github", ".gitlab", ".gitlab-ci.yml.jinja")
IN_APPLICATION = "#{ application_folder }#/#{ image_files }#"
"""What builds the image, where that is not the team's own. A starter is theirs from the first day on."""


def files(repository: Path) -> list[str]:
    """The generated files that detection would look at, by the answers that are recorded; none without such answers."""
    recorded = Tree(repository).yaml(ANSWERS_FILE)
    if not isinstance(recorded, dict) or recorded.get("stack") not in questions()["stack"]["choices"].values():
        return []
    templates, folder = locate().path / "templates", str(recorded.get("application_folder") or ".")
    brought = (templates, of_stack(recorded["stack"]))
    images = [] if recorded.get("own_dockerfile") else [base / IN_APPLICATION for base in brought]
    ours = [join(folder, name) for image in images for name in _named(image, image)]
    return [*ours, *(name for root in ROOTS for name in _named(templates / root, templates))]


def _named(place: Path, base: Path) -> Iterator[str]:
    """The files below a place of the template, as they are called where they were generated."""
    for path in [place] if place.is_file() else place.rglob("*"):
        if path.is_file():
            yield path.relative_to(base).as_posix().removesuffix(".jinja")
