"""A team with a generated repository, and its server: a container with real sshd, the real gate, real sudo and the
real release tool, around the Docker of this machine."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.generation import ROOT
from tests.ports import free_port
from tests.releases.load import ADDRESS
from tests.toolbox.images import DIGEST, without_digests

HOST = Path(__file__).parent / "host"
CLOUD_INIT = ROOT / "templates/terraform/cloud-init/files/etc"


@contextmanager
def alone() -> Iterator[None]:
    """The Compose project and the ports of a server are fixed: one suite at a time on a machine."""
    with (Path(tempfile.gettempdir()) / "richtfest-releases-suite.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def wait_until(true, failure: str, seconds: float = 30) -> None:
    """Ask again until it is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, failure
        time.sleep(0.02)


def fit_for_tests(repository: Path, base_image) -> None:
    """In this copy only: images that are here, a free port instead of 80 and 443, and localhost as the domain, for
    which the edge makes a certificate itself."""
    for folder in ("server", "monitoring"):
        file = repository / folder / "compose.yml"
        text = file.read_text("utf-8")
        for line in text.splitlines():
            if "image: " in line and "{" not in line:
                base_image(DIGEST.sub("", line.split("image: ")[1]))
        text = without_digests(text)
        text = text.replace('      - "80:80"\n', "").replace('      - "443:443/udp"\n', "")
        file.write_text(text.replace('"443:443"', f'"{ADDRESS[0]}:{ADDRESS[1]}:443"'), "utf-8")
    settings = repository / "server/environments/production.env"
    text = settings.read_text("utf-8").replace("DOMAIN=localhost.example.com", "DOMAIN=localhost")
    settings.write_text(text, "utf-8")


class Team:
    """People with the repository on their laptop, and a server that cloud-init has just made."""

    def __init__(self, repository: Path, root: Path, port: int, environment: dict[str, str], pipeline: str) -> None:
        self.repository = repository
        self.root = root
        self.port = port
        self.laptop = environment
        self.pipeline = {name: value for name, value in environment.items() if name != "SSH_AUTH_SOCK"} | {
            "DEPLOY_SSH_KEY": pipeline
        }

    def script(self, name: str, *words: str, expect: int = 0, given: str = "", **variables: str) -> str:
        """Run a script on the laptop; what it printed."""
        return self._run(self.laptop | variables, name, *words, expect=expect, given=given)

    def ci(self, name: str, *words: str, expect: int = 0, **variables: str) -> str:
        """Run a script in the pipeline, which has nothing but its own key."""
        return self._run(self.pipeline | variables, name, *words, expect=expect, given="")

    def _run(self, environment: dict[str, str], name: str, *words: str, expect: int, given: str) -> str:
        done = subprocess.run(
            ["bash", f"scripts/{name}.sh", *words],
            cwd=self.repository, env=environment, input=given, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == expect, f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def history(self) -> list[dict]:
        """Every attempt, the latest first."""
        return json.loads(self.script("release", "production", "history", "--json"))

    def ssh(self, user: str, *words: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """What somebody could try with the pipeline's key and their own ssh."""
        key = self.repository.parent / "pipeline"
        return subprocess.run(
            ["ssh", "-F", "none", "-i", key, "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no",
             "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "BatchMode=yes", "-p", str(self.port),
             *options, f"{user}@127.0.0.1", "--", *words],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip


@contextmanager
def team_and_server(generated: Path, registry: str, base_image, docker, tmp_path_factory) -> Iterator[Team]:
    """A team after `scripts/setup.sh`, and its server after the first boot and the first `apply`."""
    folder = tmp_path_factory.mktemp("team")
    repository = folder / "shop"
    shutil.copytree(generated, repository)
    _registry_on_loopback(repository, registry)
    for name in ("ada", "pipeline", "host", "stranger"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name], check=True)
    keys = repository / "terraform/keys"
    actor = "gitlab-ci" if (repository / ".gitlab-ci.yml").exists() else "github-actions"
    for name, place in (("ada", "admin/ada.pub"), ("pipeline", f"deploy/production/{actor}.pub"),
                        ("host", "host/production.pub")):  # fmt: skip
        (keys / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / f"{name}.pub", keys / place)

    # Users of the server must be able to get at their keys: pytest's own folders are closed to them.
    root = Path(tempfile.mkdtemp(prefix="richtfest-host-"))
    root.chmod(0o755)
    _rename_monitoring(repository, root)
    _data_below(repository, root)
    (root / "etc/ssh/authorized_keys").mkdir(parents=True)
    shutil.copy(folder / "ada.pub", root / "etc/ssh/authorized_keys/ops")
    shutil.copy(folder / "host", root / "host_key")
    port = free_port()
    container = _start_host(docker, base_image, root, port, tmp_path_factory.mktemp("image"))
    try:
        with _agent(folder / "ada") as socket_of_agent:
            environment = {
                "PATH": os.environ["PATH"], "HOME": str(folder), "SSH_AUTH_SOCK": socket_of_agent,
                "DEPLOY_HOST": "127.0.0.1", "DEPLOY_PORT": str(port), "GITHUB_REPOSITORY": "Acme/shop",
                "CI_PROJECT_URL": "https://gitlab.com/Acme/shop",
            }  # fmt: skip
            found = Team(repository, root, port, environment, (folder / "pipeline").read_text())
            wait_until(lambda: _listens(port), f"sshd does not answer: {docker('logs', container)}")
            found.first_apply = found.script("apply", "production")
            yield found
    finally:
        subprocess.run(["docker", "logs", container], check=False)
        for project in ("", "monitoring"):
            file = root / "opt/app" / project / "compose.yml"
            if file.exists():
                docker("compose", "--file", file, "--env-file", root / "opt/app/settings.env", "--profile", "release",
                       "down", "--volumes", "--timeout", "1", "--remove-orphans")  # fmt: skip
        docker("rm", "--force", container)
        shutil.rmtree(root)


def _registry_on_loopback(repository: Path, registry: str) -> None:
    """In this copy only: images go to the registry of the tests and come from it."""
    for path in ("scripts/repository.sh", ".github/workflows/deploy.yml"):
        file = repository / path
        if file.exists():
            text = file.read_text("utf-8").replace("ghcr.io", registry)
            file.write_text(text.replace("registry=registry.gitlab.com", f"registry={registry}"), "utf-8")
    settings = repository / "server/environments/production.env"
    settings.write_text(settings.read_text("utf-8").replace("WATCH_SECONDS=60", "WATCH_SECONDS=3"), "utf-8")


def _rename_monitoring(repository: Path, root: Path) -> None:
    """In this copy only: a monitoring that does not meet another one on this machine."""
    file = repository / "monitoring/compose.yml"
    text = file.read_text("utf-8").replace("name: monitoring", "name: richtfest-test-monitoring")
    lines = [line for line in text.splitlines() if "ports: [" not in line]
    text = (
        "\n".join(lines)
        .replace("/:/host:ro,rslave", "/:/host:ro")
        .replace("/var/lib/node-exporter", f"{root}/var/lib/node-exporter")
    )
    file.write_text(text + "\n", "utf-8")


def _data_below(repository: Path, root: Path) -> None:
    """In this copy only: the data volume is a folder below the server's root."""
    file = repository / "server/compose.yml"
    file.write_text(file.read_text("utf-8").replace("/srv/data/", f"{root}/srv/data/"), "utf-8")


def _start_host(docker, base_image, root: Path, port: int, context: Path) -> str:
    base_image("debian:bookworm-slim")
    shutil.copytree(HOST, context, dirs_exist_ok=True)
    for name in ("sudoers.d", "sshd_config.d"):
        shutil.copytree(next(CLOUD_INIT.rglob(name)), context / name)
    docker("build", "--quiet", "--tag", "richtfest/stand-in-host", context)
    client = Path(shutil.which("docker")).resolve()
    plugin = (Path(os.environ["DOCKER_CONFIG"]) / "cli-plugins/docker-compose").resolve()
    return docker(
        "run", "--detach", "--network", "host", "--env", f"RELEASE_ROOT={root}", "--env", f"SSH_PORT={port}",
        "--cap-add", "NET_ADMIN",  # for nft, which only checks
        "--volume", "/var/run/docker.sock:/var/run/docker.sock",
        "--volume", f"{client}:/usr/local/bin/docker:ro",
        "--volume", f"{plugin}:/usr/local/lib/docker/cli-plugins/docker-compose:ro",
        # The server's root lies in there, and what `apply` validates: Docker must know both by the same name.
        "--volume", f"{tempfile.gettempdir()}:{tempfile.gettempdir()}", "richtfest/stand-in-host",
    )  # fmt: skip


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


class _agent:
    """An ssh-agent that holds a person's key."""

    def __init__(self, key: Path) -> None:
        self.key, self.socket = key, key.with_suffix(".agent")

    def __enter__(self) -> str:
        self.process = subprocess.Popen(["ssh-agent", "-D", "-a", self.socket], stdout=subprocess.DEVNULL)
        wait_until(self.socket.exists, "ssh-agent does not start")
        subprocess.run(["ssh-add", "-q", self.key], env=os.environ | {"SSH_AUTH_SOCK": str(self.socket)}, check=True)
        return str(self.socket)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
