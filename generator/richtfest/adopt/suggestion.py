"""What an application may lack, as data: one suggestion, and what the modules that make them look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from richtfest.detect.findings import Application, Why
from richtfest.detect.habits import Habits
from richtfest.detect.health import habits
from richtfest.detect.tree import Tree, join


@dataclass(frozen=True)
class Suggestion:
    """One thing to change. `kind` is a key of the words, `values` what they name, `code` what to add, if that helps.

    A value may be many names: where there is little room, the first of them are told, and how many more there are.
    """

    kind: str
    why: Why | None = None
    values: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    code: str = ""


@dataclass(frozen=True)
class Adoption:
    """An application that is adopted, and the answers that were given or would be taken for it."""

    tree: Tree
    found: Application
    answers: Mapping[str, Any]

    @property
    def habits(self) -> Habits:
        """What is usual in its stack."""
        return habits(self.found)

    @property
    def folder(self) -> str:
        """Where the application is built: its root when it is a part of a bigger build."""
        return self.found.root or self.found.folder

    @property
    def port(self) -> str:
        """The port at which the edge asks for it."""
        return str(self.answers.get("application_port", 8000))

    @property
    def dockerfile(self) -> str:
        """The team's own Dockerfile; empty when it is generated."""
        path = join(self.folder, "Dockerfile")
        own = self.answers.get("own_dockerfile", True)
        return path if own and self.tree.has(path) else ""

    def value(self, name: str, default: str = "") -> str:
        """An answer as text."""
        return str(self.answers.get(name, default))

    def databases(self) -> dict[str, Why]:
        """The databases that the application speaks to, by name."""
        return {fact.value: fact.why for fact in self.found.facts.get("database", [])}

    def only_sqlite(self) -> Why | None:
        """Where SQLite is named, when no server of a database is."""
        named = self.databases()
        return named.get("sqlite") if not named.keys() - {"sqlite", "redis", "elasticsearch"} else None
