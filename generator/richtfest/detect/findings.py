"""What detection can say: an application, facts about it, and for each the place where a person can look it up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from richtfest.detect.tree import Problem


@dataclass(frozen=True)
class Why:
    """Where something was seen: file, line when there is one, and what stands there."""

    file: str
    line: int | None = None
    seen: str = ""

    def __str__(self) -> str:
        """As a person reads it: requirements.txt:4 fastapi==0.115."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.seen}".strip()


@dataclass(frozen=True)
class Fact:
    """A value and where it was seen. `wanted` is said of a version that is a range: what else would do."""

    value: str
    why: Why
    wanted: str = ""


@dataclass(frozen=True)
class Application:
    """One application of the repository.

    `certain` means: take it without asking. Otherwise `doubt` says why not, as a key of the words. `facts` holds for
    each name its candidates, the likeliest first. `root` is the folder that an image is built from: where the lock
    file or the solution lies.
    """

    stack: str
    language: str
    folder: str
    why: Why
    certain: bool = True
    doubt: str = ""
    root: str = ""
    facts: dict[str, list[Fact]] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    """Folders below that are part of this application."""

    def value(self, name: str) -> str:
        """The likeliest value of a fact; empty when nothing was found."""
        return self.facts[name][0].value if self.facts.get(name) else ""

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {
            "folder": self.folder,
            "stack": self.stack,
            "language": self.language,
            "certain": self.certain,
            "doubt": self.doubt,
            "why": str(self.why),
            "built_from": self.root or self.folder,
            "facts": {name: _listed(found) for name, found in self.facts.items() if found},
        }


@dataclass(frozen=True)
class Seen:
    """Something that is there and is no application that can be offered. `note` is a key of the words."""

    language: str
    why: Why
    note: str


@dataclass(frozen=True)
class Report:
    """Everything that was found in a repository, the likeliest application first."""

    applications: list[Application]
    seen: list[Seen]
    dockerfiles: list[Fact]
    pipelines: list[Fact]
    problems: list[Problem]

    @property
    def chosen(self) -> Application | None:
        """The application that needs no question: the only one that is built from the folder itself, or the only one.

        Pages and an image are taken when there is nothing else: they may be a part of what lies in a folder below.
        Where all that is built from here lies below, as in a workspace, what else answers requests is as likely.
        """
        serving = [found for found in self.applications if found.stack not in ("static", "docker")]
        here = [found for found in serving if found.root == "."]
        if here and all(found.folder != "." for found in here):
            here += [found for found in serving if found.root != "." and found.value("variant") != "pages"]
        candidates = here or self.applications
        return candidates[0] if len(candidates) == 1 and candidates[0].certain else None

    @property
    def languages(self) -> list[str]:
        """The languages of all that was found, the likeliest first."""
        return list(dict.fromkeys(found.language for found in (*self.applications, *self.seen)))

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {
            "confidence": "certain" if self.chosen else "ask" if self.applications else "none",
            "languages": self.languages,
            "applications": [found.as_dict() for found in self.applications],
            "seen": [{"language": s.language, "why": str(s.why), "note": s.note} for s in self.seen],
            "dockerfiles": _listed(self.dockerfiles),
            "pipelines": _listed(self.pipelines),
            "left_out": [{"file": p.file, "kind": p.kind, "detail": p.detail} for p in self.problems],
        }


def _listed(facts: Iterable[Fact]) -> list[dict[str, str]]:
    return [{"value": fact.value, "why": str(fact.why)} for fact in facts]
