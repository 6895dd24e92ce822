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


ANSWERS_PAGE = SOURCE.removesuffix(".git") + "/blob/main/docs/answers.md"
"""Where everything stands that can be answered."""


@dataclass(frozen=True)
class Template:
    """A copy of the template on this machine.

    `packaged` is true for the copy inside the wheel, which is always the same. A checkout is whatever was edited last.
    `version` of a copy is what git called the commit that the wheel was built from: the tag of a release for exactly
    that release, such as v0.2.0, otherwise a state between two releases, such as v0.2.0-3-g0123456.
    """

    path: Path
    packaged: bool
    version: str = f"v{__version__}"


@cache
def locate() -> Template:
    """Find the template: inside the installed package, else in the checkout that the package runs from.

    Raises:
        FileNotFoundError: the package is incomplete.
    """
    package = Path(__file__).parent
    if (package / "template" / "copier.yml").is_file():
        return Template(package / "template", True, (package / "template-version").read_text("utf-8").strip())
    if (package.parents[1] / "copier.yml").is_file():
        return Template(package.parents[1], False)
    raise FileNotFoundError(f"no template beside {package}: install richtfest again")


def of_stack(stack: str) -> Path:
    """The folder that holds everything a stack brings."""
    return locate().path / "templates" / f"#{{ stack_{stack} }}#"


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
