"""A server for tests: the generated server/ folder on this machine's Docker, with a sample application whose images
behave or misbehave on purpose."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.generation import render
from tests.releases.load import ask
from tests.releases.team import alone, fit_for_tests, wait_until

SAMPLE = Path(__file__).parent / "sample"
GOOD = ("good", "better", "best", "brave", "calm", "kind", "nice")
BEHAVIOURS = (*GOOD, "failing", "slow", "leaking", "crashing", "unhealthy", "healthless", "dying", "fading",
              "failing-migrate", "long-migrate",
              "failing-backup", "failing-worker")  # fmt: skip
SCHEMAS = {"first": (1, 0), "second": (2, 0), "third": (3, 2), "also-third": (3, 2)}
"""Images that say which schema of the database they bring, and the oldest that can live with it."""


class Server:
    """One server: paths, the release tool, what serves."""

    def __init__(self, root: Path, images: dict[str, str]) -> None:
        self.root = root
        self.application = root / "opt/app"
        self.images = images
        self.environment = os.environ | {"RELEASE_ROOT": str(root)}

    def configure(self, **settings: object) -> None:
        """Change settings; the last line counts."""
        with (self.application / "settings.env").open("a") as stream:
            stream.writelines(f"{name}={value}\n" for name, value in settings.items())

    def put_before_docker(self, words: str) -> None:
        """Let something happen before every call of Docker."""
        program = self.root / "docker"
        program.write_text(f'#!/bin/sh\ncd {self.root}\n{words}\nexec {shutil.which("docker")} "$@"\n')
        program.chmod(0o755)
        self.environment["PATH"] = f"{self.root}:{self.environment['PATH']}"

    def command(self, *arguments: str, killed: str = "", full: int = 0) -> list[str]:
        """The command line of the release tool; an image is named by its behaviour.

        With `killed` the process kills itself at that moment, with `full` the disk is full from that write on; see
        broken_at.py.
        """
        tool = [str(self.application / "release")]
        if killed or full:
            tool = [str(Path(__file__).parent / "broken_at.py"), str(self.application), killed or str(full)]
        named = [self.images.get(argument, argument) for argument in arguments]
        return [sys.executable, "-I", *tool, "--actor", "test", *named]

    def release(self, *arguments: str, expect: int | None = 0, words: str = "", killed: str = "", full: int = 0) -> str:
        """Run a verb, expect an exit code (None: any), and give what it printed."""
        done = subprocess.run(
            self.command(*arguments, killed=killed, full=full), env=self.environment, input=words,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert expect in (done.returncode, None), f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def metrics(self) -> list[str]:
        """What node_exporter hands to Prometheus."""
        return (self.root / "var/lib/node-exporter/release.prom").read_text("utf-8").splitlines()

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Run a verb in the background."""
        return subprocess.Popen(
            self.command(*arguments), env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def wait_for_phase(self, phase: str) -> None:
        """Wait until the release under way has written that it begins this phase."""
        wait_until(lambda: self.status()["phase"] == phase, f"the release never came to {phase}")

    def status(self) -> dict:
        """The status as a program sees it."""
        return json.loads(self.release("status", "--json"))

    def history(self) -> list[dict]:
        """Every attempt, the latest first."""
        return json.loads(self.release("history", "--json"))

    def results(self) -> list[str]:
        """How every attempt ended, the first one first."""
        return [attempt["result"] for attempt in reversed(self.history())]

    def serving(self) -> str:
        """What customers get, after making sure that the record says the same."""
        body = ask("/")[1]
        assert self.images[body] == self.status()["image"]
        return body

    def running(self) -> set[str]:
        """Colours whose container runs."""
        listed = self.compose("ps", "--services", "--status", "running").split()
        return {name.removeprefix("app-") for name in listed} - {"edge"}

    def compose(self, *arguments: str, expect: int = 0) -> str:
        """Docker Compose in the server's folder, as a person would use it there."""
        done = subprocess.run(
            ["docker", "compose", *arguments],
            cwd=self.application, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == expect, done.stderr
        return done.stdout


@pytest.fixture(scope="module", autouse=True)
def _alone() -> Iterator[None]:
    """For a module, not for the session: another suite of the same run needs the server after this one."""
    with alone():
        yield


@pytest.fixture(scope="session")
def images(docker, registry, tmp_path_factory) -> dict[str, str]:
    """The sample application, built once per behaviour and pushed, so that its digests are real."""
    return build_images(docker, registry, tmp_path_factory.mktemp("sample"), (*BEHAVIOURS, *SCHEMAS))


def build_images(docker, registry: str, folder: Path, behaviours: Iterable[str]) -> dict[str, str]:
    """One image per behaviour, in the registry: behaviour -> name with digest."""
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    subprocess.run(
        ["go", "build", "-o", "application", "main.go"], cwd=folder, env=os.environ | {"CGO_ENABLED": "0"}, check=True
    )
    built = {}
    for behaviour in behaviours:
        name = f"{registry}/acme/shop:{behaviour}"
        schema, floor = SCHEMAS.get(behaviour, ("", ""))
        said = {"BEHAVIOUR": behaviour, "SCHEMA": schema, "SCHEMA_FLOOR": floor}
        told = [word for key, value in said.items() for word in ("--build-arg", f"{key}={value}")]
        docker("build", "--quiet", *told, "--tag", name, folder)
        docker("push", "--quiet", name)
        built[behaviour] = digest_in(docker, registry, name)
    return built


def digest_in(docker, registry: str, name: str) -> str:
    """The digest of a pushed image, with its name in this registry: the same content may have been in others before."""
    told = docker("inspect", "--format", '{{join .RepoDigests "\\n"}}', name).split()
    return next(digest for digest in told if digest.startswith(f"{registry}/"))


@pytest.fixture(scope="session")
def generated(base_image, tmp_path_factory) -> Path:
    """A generated repository whose stack fits into tests: see `fit_for_tests`."""
    repository = render(
        {"domain": "localhost.example.com", "project_name": "shop", "grafana": False},
        tmp_path_factory.mktemp("generated") / "shop",
    )
    fit_for_tests(repository, base_image)
    return repository


@pytest.fixture
def server(generated, images, registry, tmp_path) -> Iterator[Server]:
    """A server on which nothing has been released yet; the edge runs."""
    with server_in(tmp_path / "root", generated, images, registry) as found:
        yield found


@contextmanager
def server_in(root: Path, generated: Path, images: dict[str, str], registry: str) -> Iterator[Server]:
    """A server whose files are in a folder, gone at the end with its containers, networks and volumes."""
    application = root / "opt/app"
    for folder in (application / "gate", root / "var/lib/release", root / "var/lib/node-exporter"):
        folder.mkdir(parents=True)
    for name in ("edge", "release"):
        shutil.copytree(generated / "server" / name, application / name)
    shutil.copy(generated / "server/compose.yml", application)
    shutil.copy(generated / "server/environments/production.env", application / "settings.env")
    (application / ".env").symlink_to("settings.env")
    found = Server(root, images)
    found.configure(IMAGE_REPOSITORY=f"{registry}/acme/shop", WATCH_SECONDS=1, HEALTH_SECONDS=5, LOCK_SECONDS=60)
    try:
        found.compose("up", "--detach")
        wait_until(lambda: ask()[0], "the edge does not answer")
        yield found
    finally:
        found.compose("--profile", "release", "down", "--volumes", "--timeout", "1")
