"""Each stack's starter: its tests pass where the pipeline runs them, its image runs without rights, is healthy by its
own check, and finishes what it has when it is stopped."""

import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.generation import render
from tests.stacks import STACKS, application_in, build, fit_for_this_machine, starter, why_not_here
from tests.toolbox.images import DIGEST

pytestmark = pytest.mark.needs("docker")
PATIENCE = 60
"""Seconds until a container must be healthy on a busy machine."""
GRACE = 30
"""Seconds that server/compose.yml gives a container to end."""
RIGHTS = (
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--memory=1g",
    "--pids-limit=512",
)


@dataclass
class Container:
    """A container of a starter, and Docker's client."""

    name: str
    docker: Callable[..., str]

    def told(self, form: str) -> str:
        """What Docker knows of it, in a form of Docker's templates."""
        return self.docker("inspect", "--format", form, self.name)

    def connect(self, seconds: float = GRACE) -> http.client.HTTPConnection:
        """A new connection to the application."""
        address = self.docker("port", self.name, "8000/tcp").splitlines()[0]
        return http.client.HTTPConnection(address, timeout=seconds)

    def ask(self, path: str) -> tuple[int, str]:
        """Status and body of one request."""
        connection = self.connect()
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def wait_until_healthy(self) -> None:
        """Wait for the verdict of the image's own health check."""
        end = time.monotonic() + PATIENCE
        while (health := self.told("{{.State.Health.Status}}")) != "healthy":
            said = self.told("{{json .State.Health.Log}}")
            assert health == "starting" and time.monotonic() < end, f"{said}\n{self.docker('logs', self.name)}"
            time.sleep(0.2)


@pytest.fixture(autouse=True)
def reached(stack, base_image, tmp_path) -> None:
    """Leave out a stack of which tests/older.yml says that this machine reaches nothing."""
    if reason := why_not_here(stack, base_image, tmp_path / "tried"):
        pytest.skip(reason)


@pytest.fixture(scope="module")
def image(docker, base_image, tmp_path_factory) -> Iterator[Callable[[str], str]]:
    """The image of a stack's starter, built once."""
    made: dict[str, str] = {}

    def of(stack: str) -> str:
        if stack not in made:
            folder = application_in(stack)
            repository = starter(stack, tmp_path_factory.mktemp(stack) / "shop", base_image, application_folder=folder)
            made[stack] = build(docker, repository / folder, f"richtfest/starter-{stack}")
        return made[stack]

    yield of
    docker("image", "rm", "--force", *made.values())


@pytest.fixture(scope="module")
def container(docker, image) -> Iterator[Callable[[str], Container]]:
    """A container of a stack's starter, started once, with less than the server gives it: nothing can be written."""
    running: dict[str, Container] = {}

    def of(stack: str) -> Container:
        if stack not in running:
            name = docker("run", "--detach", "--read-only", *RIGHTS, "--publish", "127.0.0.1::8000",
                          "--health-interval", "1s", image(stack))  # fmt: skip
            running[stack] = Container(name, docker)
        return running[stack]

    yield of
    docker("rm", "--force", "--volumes", *(container.name for container in running.values()))


@pytest.mark.parametrize("stack", STACKS)
def test_the_tests_of_the_starter_pass_where_the_pipeline_runs_them_and_fail_with_the_page(
    stack, docker, base_image, tmp_path
):
    answers = {"stack": stack, "starter": True, "ci": "gitlab", "application_folder": application_in(stack)}
    repository = render(answers, tmp_path / "shop")
    job = yaml.safe_load((repository / ".gitlab/ci/checks.yml").read_text("utf-8"))["test"]
    words = "\n".join([*job.get("before_script", []), *job["script"]])
    place = ("--volume", f"{repository}:/builds/shop", "--workdir", "/builds/shop")
    runner = base_image(DIGEST.sub("", job["image"]))
    fit_for_this_machine(repository / application_in(stack), stack, [runner])
    command = ("run", "--rm", *place, runner, "bash", "-ec", words)
    assert "no test was run" not in docker(*command)

    (page,) = [path for path in pages(repository) if "It runs." in path.read_text("utf-8")]
    page.write_text(page.read_text("utf-8").replace("It runs.", "It.").replace("style.css", "missing.css"), "utf-8")
    with pytest.raises(AssertionError, match=r"It runs|missing\.css"):
        docker(*command)


def pages(repository: Path) -> list[Path]:
    """The starter's own sources."""
    suffixes = (".cs", ".erb", ".go", ".html", ".java", ".php", ".py", ".ts")
    files = [path for path in repository.rglob("*") if path.suffix in suffixes and path.is_file()]
    installed = {".cache", ".venv", "dist", "node_modules", "storage", "target", "collected"}
    return [path for path in files if "test" not in path.name.lower() and not installed & set(path.parts)]


@pytest.mark.parametrize("stack", STACKS)
def test_an_image_is_healthy_by_its_own_check_and_serves_without_any_right(stack, container):
    it = container(stack)
    it.wait_until_healthy()
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", it.told("{{.Config.User}}"))
    status = Path("/proc", it.told("{{.State.Pid}}"), "status").read_text("utf-8")
    assert "\nUid:\t10001\t10001\t" in status and "\nCapEff:\t0000000000000000\n" in status
    assert it.ask("/healthz")[0] == 200
    status, page = it.ask("/")
    assert (status, "It runs." in page) == (200, True)


@pytest.mark.parametrize("stack", STACKS)
def test_the_health_check_of_an_image_fails_where_nothing_answers(stack, container, docker):
    it = container(stack)
    it.wait_until_healthy()
    told = json.loads(it.told("{{json .Config.Healthcheck.Test}}"))
    assert told[0] == "CMD" and "curl" not in told[1]
    docker("exec", it.name, *told[1:])
    with pytest.raises(AssertionError):
        docker("exec", it.name, *(word.replace("/healthz", "/is-not-there") for word in told[1:]))


@pytest.mark.parametrize("stack", STACKS)
def test_a_request_in_flight_is_answered_when_the_container_is_stopped(stack, container, docker):
    it = container(stack)
    it.wait_until_healthy()
    connection = it.connect()
    connection.request("GET", "/slow")
    time.sleep(1)
    begin = time.monotonic()
    stopping = threading.Thread(target=docker, args=("stop", "--time", str(GRACE), it.name))
    stopping.start()
    time.sleep(1)
    answer = connection.getresponse()
    body = answer.read()
    stopping.join()
    took = time.monotonic() - begin
    assert answer.status == 200 and body.startswith(b"slow")
    assert len(body) == int(answer.headers["Content-Length"])
    assert took < GRACE / 2, "it waits for something that is not a request"
    assert it.told("{{.State.ExitCode}}") in ("0", "143"), docker("logs", it.name)
