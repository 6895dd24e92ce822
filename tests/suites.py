"""The suites of suites.yml: which there are, what they need, whether they have tests."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tests.toolbox import search
from tests.toolbox.catalogue import Unavailable

TESTS = Path(__file__).parent


@dataclass(frozen=True)
class Suite:
    """One folder of tests with what it needs."""

    name: str
    purpose: str
    tools: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    parallel: bool = False
    waits: bool = False

    @property
    def folder(self) -> Path:
        """Where its tests are."""
        return TESTS / self.name

    @property
    def has_tests(self) -> bool:
        """True once there is a test file."""
        return any(self.folder.rglob("test_*.py"))


@cache
def suites() -> dict[str, Suite]:
    """All suites by name, in the order of the file."""
    told = yaml.safe_load((TESTS / "suites.yml").read_text("utf-8"))
    return {name: Suite(name, **_settings(settings)) for name, settings in told.items()}


def suite_of(path: Path) -> Suite | None:
    """The suite that a test file belongs to: the first folder below tests/."""
    parts = path.relative_to(TESTS).parts if path.is_relative_to(TESTS) else ("",)
    return suites().get(parts[0])


def missing(tools: tuple[str, ...]) -> str:
    """Why these tools cannot be used, in one sentence; empty when all are there."""
    reasons = []
    for name in tools:
        try:
            search.find(name)
        except Unavailable as reason:
            reasons.append(str(reason))
    return "; ".join(reasons)


def _settings(told: dict) -> dict:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
