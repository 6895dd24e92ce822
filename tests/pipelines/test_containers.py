"""What the pipelines do with Docker: tools that are not installed come as containers, and the image is tried out."""

import os
import re
import shutil
import socket
import socketserver
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.generation import render
from tests.toolbox.images import without_digests

TOOLS = ("actionlint", "hadolint", "shellcheck")
PROGRAMS = "basename bash cat curl dirname docker env grep id mkdir mktemp rm sed sleep"


@pytest.fixture
def programs(tmp_path, toolbox) -> Path:
    """A PATH with Docker and without any of the tools."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in PROGRAMS.split():
        (folder / name).symlink_to(toolbox("docker") if name == "docker" else shutil.which(name))
    return folder


def run(repository: Path, programs: Path, script: str, *arguments: str, **variables: str):
    return subprocess.run(
        ["bash", f"scripts/{script}", *arguments],
        cwd=repository,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": str(programs), "CI": "true"} | variables,
        check=False,
    )


@pytest.fixture
def containers(docker, toolbox, tmp_path, request):
    """Gives a tool as an image that holds nothing but the tool, and names it in a repository's list of tools."""
    made = []

    def put(repository: Path) -> None:
        listed = repository / "scripts" / "compose.tools.yml"
        text = listed.read_text("utf-8")
        for name in TOOLS:
            folder = tmp_path / f"image-{name}"
            (folder / "tmp").mkdir(parents=True)
            shutil.copy(toolbox(name), folder / name)
            (folder / "Dockerfile").write_text(f"FROM scratch\nCOPY {name} /usr/bin/{name}\n", "utf-8")
            image = f"richtfest/stand-in-{name}:{os.getpid()}"
            docker("build", "--quiet", "--tag", image, folder)
            made.append(image)
            text, found = re.subn(rf"(  {name}:\n    image: )\S+", rf"\g<1>{image}", text)
            assert found == 1, name
        listed.write_text(text, "utf-8")

    yield put
    docker("image", "rm", *made)


@pytest.mark.needs("docker", *TOOLS)
def test_a_tool_that_is_not_installed_runs_in_a_container(tmp_path, programs, containers):
    repository = render({"environments": "staging_production"}, tmp_path / "shop")
    containers(repository)
    done = run(repository, programs, "checks.sh", "scripts", "dockerfile")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["ok", "ok"]

    (repository / "Dockerfile").write_text("FROM python\n", "utf-8")
    done = run(repository, programs, "checks.sh", "dockerfile")
    assert done.returncode == 1
    assert "DL3006" in done.stdout

    (repository / ".github/workflows/ci.yml").write_text("on: nothing\n", "utf-8")
    done = run(repository, programs, "checks.sh", "pipelines")
    assert "FAILED       pipelines: syntax" in done.stdout


@pytest.mark.needs("docker")
def test_an_image_that_cannot_be_had_means_not_checked(tmp_path, programs):
    repository = render({}, tmp_path / "shop")
    listed = repository / "scripts" / "compose.tools.yml"
    listed.write_text(re.sub(r"image: \S+", "image: 127.0.0.1:1/nothing:1", listed.read_text("utf-8")), "utf-8")
    done = run(repository, programs, "checks.sh", "dockerfile", CI="")
    assert done.returncode == 0
    assert done.stdout.startswith("not checked  Dockerfile: needs hadolint, or Docker and the internet")
    assert run(repository, programs, "checks.sh", "dockerfile").returncode == 1


@pytest.fixture
def application_folder() -> str:
    """Where the application lies; a test that wants another place names it."""
    return "."


@pytest.fixture
def application(tmp_path, base_image, application_folder) -> Path:
    """The repository of the smallest application, on the base image that is here."""
    base_image("python:3.13-slim")
    answers = {"stack": "docker", "starter": True, "application_folder": application_folder}
    repository = render(answers, tmp_path / "shop")
    dockerfile = repository / application_folder / "Dockerfile"
    dockerfile.write_text(without_digests(dockerfile.read_text("utf-8")), "utf-8")
    return repository


@pytest.mark.needs("docker")
def test_the_image_of_the_starter_passes_the_smoke_test(application, programs):
    done = run(application, programs, "smoke.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("The image starts, and /healthz answers on port 8000.\n")


class Forwarder(socketserver.BaseRequestHandler):
    """Hands a connection on to the engine's socket."""

    def handle(self) -> None:
        with socket.socket(socket.AF_UNIX) as engine:
            engine.connect("/var/run/docker.sock")
            back = threading.Thread(target=self.pump, args=(engine, self.request), daemon=True)
            back.start()
            self.pump(self.request, engine)
            back.join()

    @staticmethod
    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@pytest.mark.needs("docker")
def test_the_engine_may_be_another_machine(application, programs):
    """As at GitLab, where each job has an engine of its own beside it."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Forwarder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = run(application, programs, "smoke.sh", DOCKER_HOST=f"tcp://localhost:{server.server_address[1]}")
        server.shutdown()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("The image starts, and /healthz answers on port 8000.\n")


@pytest.mark.needs("docker")
def test_an_image_that_does_not_start_fails_the_smoke_test_with_its_last_words(application, programs):
    (application / "site" / "server.py").write_text('raise SystemExit("no database")\n', "utf-8")
    done = run(application, programs, "smoke.sh")
    assert done.returncode == 1
    assert "no database" in done.stderr
    assert done.stderr.endswith("The container stopped by itself; its last words stand above.\n")


@pytest.mark.needs("docker")
@pytest.mark.parametrize("application_folder", ["services/api"])
def test_what_the_application_needs_to_start_may_stand_in_a_file(application, programs, application_folder):
    folder = application / application_folder
    server = folder / "site" / "server.py"
    server.write_text('import os\nos.environ["NEEDED"]\n' + server.read_text("utf-8"), "utf-8")
    assert run(application, programs, "smoke.sh").returncode == 1
    (folder / ".env.example").write_text("NEEDED=for the smoke test\n", "utf-8")
    done = run(application, programs, "smoke.sh")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("docker")
def test_a_smoke_test_leaves_no_container_behind(application, programs, docker):
    (application / "Dockerfile").open("a").write("LABEL richtfest.test=leaves-nothing\n")
    assert run(application, programs, "smoke.sh").returncode == 0
    assert docker("ps", "--all", "--quiet", "--filter", "label=richtfest.test=leaves-nothing") == ""
