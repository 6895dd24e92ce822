"""Docker on this machine: used as it is where it runs, else Debian's engine is started by hand.

Nothing is touched on a machine whose Docker answers. Where the client on PATH cannot build with BuildKit (it lacks
the plugin) and Debian's can, Debian's is put in front; where `docker compose` is missing, Compose's wheel is linked
into a configuration of our own.
"""

import os
import subprocess
import time
from pathlib import Path

from tests.toolbox.catalogue import Unavailable, docker_settings, environment, made, which
from tests.toolbox.shell import log_of

PATIENCE = 60
"""Seconds until a started engine must answer."""
PROCESS_IDS = {
    "dockerd": Path("/var/run/docker.pid"),
    "containerd": Path("/var/run/docker/containerd/containerd.pid"),
}
DEBIAN_CLIENT = Path("/usr/bin/docker")


def engine() -> Path:
    """The client, if an engine answers it and it can build with BuildKit."""
    client = which("docker")
    if not client:
        raise Unavailable("docker is not installed")
    if not _answers(client):
        raise Unavailable("no Docker engine answers: start Docker, then try again")
    if not _builds(client):
        raise Unavailable(f"{client} cannot build with BuildKit: install Docker's buildx plugin")
    return client


def compose() -> Path:
    """The client, if it knows `docker compose`."""
    client = which("docker")
    if not client:
        raise Unavailable("docker is not installed")
    if not _succeeds([client, "compose", "version"]):
        raise Unavailable("docker compose is not installed")
    return client


def start() -> None:
    """Start the engine unless one answers, and wait for it. Its log is in the cache."""
    _prefer_a_client_that_builds()
    if _waits(which("docker"), 1):
        return
    daemon = which("dockerd")
    if not daemon or os.name == "nt" or os.geteuid() != 0:
        raise Unavailable("no Docker engine answers, and only root can start one: start Docker, then try again")
    if Path("/run/systemd/system").is_dir():
        subprocess.run(["systemctl", "start", "docker"], stdin=subprocess.DEVNULL, check=False)
    else:
        _forget_the_dead()
        with log_of("dockerd").open("ab") as log:
            subprocess.Popen(
                [daemon], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/"
            )
    if not _waits(which("docker"), PATIENCE):
        raise Unavailable(f"dockerd was started and does not answer after {PATIENCE} s: see {log_of('dockerd')}")


def link_compose() -> None:
    """Make `docker compose` work with the program that the virtual environment brings."""
    program = which("docker-compose")
    if not program or not (program.parent / "python").exists():
        raise Unavailable("docker compose is not installed, and its wheel is not in the virtual environment")
    plugin = docker_settings() / "cli-plugins" / "docker-compose"
    plugin.parent.mkdir(parents=True, exist_ok=True)
    plugin.unlink(missing_ok=True)
    plugin.symlink_to(program)


def _prefer_a_client_that_builds() -> None:
    client = which("docker")
    if client and _builds(client):
        return
    if DEBIAN_CLIENT.exists() and _builds(DEBIAN_CLIENT):
        link = made("docker")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(DEBIAN_CLIENT)


def _forget_the_dead() -> None:
    """Remove process ids of an engine that was killed: once another program has the number, none would start."""
    for program, file in PROCESS_IDS.items():
        if file.is_file():
            command = Path("/proc", file.read_text("ascii").strip(), "comm")
            if not command.is_file() or command.read_text("utf-8").strip() != program:
                file.unlink()


def _builds(client: Path) -> bool:
    """True for a client with the plugin buildx, and for the old ones that speak BuildKit themselves."""
    version = subprocess.run([client, "--version"], capture_output=True, text=True, check=False).stdout
    number = version.removeprefix("Docker version ").split(".")[0]
    return number in {"18", "19", "20", "22"} or _succeeds([client, "buildx", "version"])


def _answers(client: Path) -> bool:
    return _succeeds([client, "info", "--format", "{{.ServerVersion}}"])


def _waits(client: Path | None, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while client:
        if _answers(client):
            return True
        if time.monotonic() > end:
            break
        time.sleep(0.5)
    return False


def _succeeds(command: list[str | Path]) -> bool:
    done = subprocess.run(
        list(map(str, command)),
        env=os.environ | environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0
