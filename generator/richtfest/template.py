"""Where the template is, and which questions it asks."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from richtfest import __version__

ANSWERS_FILE = ".copier-answers.yml"
"""Where a generated repository records its answers."""

SOURCE = "https://github.com/richtfest/richtfest.git"
"""Where a generated repository looks for newer versions; recorded in its answers file."""


@dataclass(frozen=True)
class Template:
    """A copy of the template on this machine.

    `released` is true for the copy inside the wheel: it equals the tag of the package's version. A checkout
    is whatever was edited last.
    """

    path: Path
    released: bool

    @property
    def version(self) -> str:
        """The tag of the release that this copy equals."""
        return f"v{__version__}"


@cache
def locate() -> Template:
    """Find the template: inside the installed package, else in the checkout that the package runs from.

    Raises:
        FileNotFoundError: the package is incomplete.
    """
    package = Path(__file__).parent
    for path, released in ((package / "template", True), (package.parents[1], False)):
        if (path / "copier.yml").is_file():
            return Template(path, released)
    raise FileNotFoundError(f"no template beside {package}: install richtfest again")


@cache
def questions() -> dict[str, dict[str, Any]]:
    """The questions by name, as `copier.yml` tells them; without those that are computed."""
    told = yaml.safe_load((locate().path / "copier.yml").read_text("utf-8"))
    return {
        name: question
        for name, question in told.items()
        if not name.startswith("_") and question.get("when") is not False
    }


def asked() -> list[str]:
    """Names of the questions that a first run asks, in order."""
    return [name for name, question in questions().items() if question.get("ask", True)]
