"""A server for tests: the generated server/ folder on this machine's Docker, with a sample application whose images
behave or misbehave on purpose."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.generation import render

SAMPLE = Path(__file__).parent / "sample"
ADDRESS = ("127.0.0.1", 18443)
"""Where the edge of the tests listens: HTTPS with a certificate of its own for the domain localhost."""


class Server:
    """One server: paths, the release tool, what serves."""

    def __init__(self, root: Path, images: dict[str, str]) -> None:
        self.root = root
        self.images = images
        self.environment = os.environ | {"RELEASE_ROOT": str(root)}

    def command(self, *arguments: str) -> list[str]:
        """The command line of the release tool; an image is named by its behaviour."""
        named = [self.images.get(argument, argument) for argument in arguments]
        return [sys.executable, "-I", str(self.root / "opt/app/release"), "--actor", "test", *named]

    def release(self, *arguments: str, expect: int = 0) -> str:
        """Run a verb, expect an exit code, and give what it printed."""
        done = subprocess.run(
            self.command(*arguments), env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == expect, f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Run a verb in the background."""
        return subprocess.Popen(
            self.command(*arguments), env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def status(self) -> dict:
        """The status as a program sees it."""
        return json.loads(self.release("status", "--json"))

    def history(self) -> list[dict]:
        """Every attempt, the latest first."""
        return json.loads(self.release("history", "--json"))

    def serving(self) -> str:
        """The behaviour whose image serves."""
        return next((name for name, image in self.images.items() if image == self.status()["image"]), "nothing")

    def compose(self, *arguments: str) -> str:
        """Docker Compose in the server's folder, as a person would use it there."""
        folder = self.root / "opt/app"
        done = subprocess.run(
            ["docker", "compose", "--env-file", "settings.env", *arguments],
            cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def images(docker, registry, tmp_path_factory) -> dict[str, str]:
    """The sample application, built once per behaviour and pushed, so that its digests are real."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    subprocess.run(
        ["go", "build", "-o", "application", "main.go"], cwd=folder, env=os.environ | {"CGO_ENABLED": "0"}, check=True
    )
    built = {}
    for behaviour in ("good", "better", "best", "failing", "crashing", "unhealthy"):
        name = f"{registry}/shop:{behaviour}"
        docker("build", "--quiet", "--build-arg", f"BEHAVIOUR={behaviour}", "--tag", name, folder)
        docker("push", "--quiet", name)
        built[behaviour] = docker("inspect", "--format", "{{index .RepoDigests 0}}", name)
    return built


@pytest.fixture
def server(docker, base_image, images, registry, tmp_path) -> Iterator[Server]:
    """A server on which nothing has been released yet; the edge runs."""
    caddy = base_image("caddy:2.11")
    repository = render({"domain": "localhost.example.com", "project_name": "shop"}, tmp_path / "shop")
    root = tmp_path / "root"
    application = root / "opt/app"
    for folder in (application / "gate", root / "var/lib/release", root / "var/lib/node-exporter"):
        folder.mkdir(parents=True)
    for name in ("edge", "release"):
        shutil.copytree(repository / "server" / name, application / name)
    compose = (repository / "server/compose.yml").read_text("utf-8")
    # In this copy only: the image that is here, a free port, and no HTTP port.
    compose = compose.replace('"443:443"', f'"{ADDRESS[0]}:{ADDRESS[1]}:443"').replace('      - "443:443/udp"\n', "")
    compose = compose.replace('      - "80:80"\n', "").replace(_image_of_edge(compose), caddy)
    (application / "compose.yml").write_text(compose, "utf-8")
    settings = (repository / "server/environments/production.env").read_text("utf-8")
    # The domain localhost gets a certificate from the edge's own authority.
    settings = settings.replace("DOMAIN=localhost.example.com", "DOMAIN=localhost")
    settings += f"IMAGE_REPOSITORY={registry}/shop\nWATCH_SECONDS=6\nHEALTH_SECONDS=8\n"
    (application / "settings.env").write_text(settings, "utf-8")
    found = Server(root, images)
    found.compose("up", "--detach")
    _wait_for_edge()
    yield found
    found.compose("--profile", "release", "down", "--volumes", "--timeout", "1")


def _image_of_edge(compose: str) -> str:
    return next(line.split("image: ")[1] for line in compose.splitlines() if "image: caddy" in line)


def _wait_for_edge() -> None:
    from tests.releases.load import ask

    end = time.monotonic() + 20
    while ask() == 0:
        assert time.monotonic() < end, "the edge does not answer"
        time.sleep(0.1)
