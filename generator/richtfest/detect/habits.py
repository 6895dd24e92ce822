"""What is usual in one stack, for the report of what an application still lacks: each stack's module fills one in."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.tree import Tree

HEALTH = (
    "healthz", "health", "healthcheck", "health-check", "health_check", "_health", "_healthz", "__heartbeat__",
    "heartbeat", "up", "ready", "readyz", "readiness", "alive", "live", "livez", "liveness", "ping",
)  # fmt: skip
"""Last parts of paths that ask whether an application is healthy, the usual ones first."""

BEFORE = re.compile(
    r"(/(api|v\d+|health\w*|actuator|monitoring|system|public|internal|probes?|checks?|status|utils?|-))*/"
)
"""What usually stands before them; the health of something else, such as /luna/health, is a question."""


@dataclass(frozen=True)
class Endpoint:
    """A path that an application answers to GET, and where that stands; not sure when a prefix may come before it."""

    path: str
    why: Why
    sure: bool = True
    of_framework: bool = False
    """It is told by a setting of the framework, so whatever stands before it is meant."""

    @property
    def is_health(self) -> bool:
        """Whether its name says that it tells the health: /healthz, /api/health, /health/ready."""
        return self._rank() is not None

    @property
    def likelihood(self) -> tuple:
        """For sorting: the sure and the usual ones first."""
        rank = self._rank()
        return (not self.sure, len(HEALTH) if rank is None else rank, self.path.count("/"), self.path)

    @property
    def is_plain(self) -> bool:
        """Whether it tells the health of the whole, not of one of its parts."""
        path = self.path.rstrip("/")
        return self.of_framework or bool(BEFORE.fullmatch(path[: path.rfind("/") + 1]))

    def _rank(self) -> int | None:
        last = self.path.rstrip("/").rpartition("/")[2].lower()
        return HEALTH.index(last) if last in HEALTH else None


@dataclass(frozen=True)
class Settings:
    """The variable that names the settings, and what stands for it where none is set: for commands, for the server."""

    variable: str
    commands: Fact
    server: Fact


@dataclass(frozen=True)
class Lack:
    """Something that the generated image does not have; `kind` is a key of the words of `richtfest.adopt`."""

    kind: str
    why: Why
    values: Mapping[str, str] = field(default_factory=dict)


def _nothing(*_: object) -> tuple[()]:
    return ()


def _nowhere(*_: object) -> None:
    return None


@dataclass(frozen=True)
class Habits:
    """What one stack is asked. Everything but `health` may be left out; then nothing is told of it."""

    health: Callable[[Application], str] = lambda _: ""
    """The few lines that answer `health_path`; empty when there are none to tell."""
    health_path: str = "/healthz"
    """What those lines answer."""
    needs_health: bool = True
    """False for what answers / as it is, such as pages."""
    endpoints: Callable[[Tree, Application], Iterable[Endpoint]] = _nothing
    """The paths that tell health, as the code declares them."""
    figures: Callable[[Tree, Application], Iterable[Endpoint]] = _nothing
    """The paths with figures for Prometheus."""
    has_figures: bool = True
    """False where there is nothing to count."""
    addresses: Callable[[Tree, Application], Iterable[Fact]] = _nothing
    """Where the code listens, as host:port with either of them empty: 127.0.0.1: or :8080."""
    default_ports: Callable[[Tree, Application], Iterable[Fact]] = _nothing
    """The ports at which the code listens when the variable PORT is not set."""
    workers: Callable[[Tree, Application], Iterable[Fact]] = _nothing
    """Programs of the same sources that go on working beside the one that serves, which may be among them."""
    locks: tuple[str, ...] = ()
    """Lock files, of which one must lie with the application or above it."""
    lock_command: str = ""
    """What makes one."""
    image_locks: tuple[str, ...] = ()
    """Those of which the generated Dockerfile cannot do without one, where the image is built."""
    pinned: Callable[[Tree, Application], bool] = lambda *_: False
    """Whether the dependencies are pinned without one."""
    server: Callable[[Tree, Application], str] = lambda *_: ""
    """The package that the generated image starts and that is not among the dependencies; empty when it is."""
    lacks: Callable[[Tree, Application], Iterable[Lack]] = _nothing
    """What else keeps the generated image from being built, or from serving."""
    migrations: Callable[[Tree, Application], Fact | None] = _nowhere
    """Where migrations are, with the command of the service `migrate`; its value is empty when it is not known."""
    without_command: str = "migrations"
    """What is told of migrations where no command is known, as a key of the words."""
    migrates: Callable[[Tree, Application], Why | None] = _nowhere
    """Where the code itself migrates, perhaps whenever it starts."""
    settings: Callable[[Tree, Application], "Settings | None"] = _nowhere
    """Where commands such as that of `migrate` take other settings than the server."""
    hosts: Callable[[Tree, Application], Fact | None] = _nowhere
    """The only names under which it answers, written out in the code and separated by spaces."""
    own_host: str = "localhost"
    """The name by which the HEALTHCHECK of the generated image asks it."""
    uploads: Callable[[Tree, Application], Why | None] = _nowhere
    """Where files of users are written to the disk of the container."""
    variables: Callable[[Tree, Application], Iterable[Fact]] = _nothing
    """Variables of the environment without which it does not start: those that have no default."""
    tests: Callable[[Tree, Application], bool] | None = None
    """Whether there are tests that the generated pipeline would run."""
