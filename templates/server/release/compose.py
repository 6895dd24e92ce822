"""Docker and Docker Compose: images, and the two colours as containers. Nothing here decides anything."""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime

from release import configuration, files, lock
from release.outcome import Failed
from release.settings import APPLICATION, STATE, Settings

COLOURS = "blue", "green"
SLOTS = STATE / "slots.json"
RELEASE = "release"
VARIABLES = {"blue": "APP_BLUE_IMAGE", "green": "APP_GREEN_IMAGE", RELEASE: "RELEASE_IMAGE"}
"""What compose.yml calls the image of a slot."""
MISSING, UNKNOWN = "missing", "unknown"
PATIENCE = 1800
"""Seconds that a registry may take to send an image."""


@dataclass(frozen=True)
class Container:
    """What Docker says of a container. The state is Docker's word, or "missing", or "unknown" when it is silent."""

    state: str
    restarts: int = 0
    health: str = "none"

    @property
    def ended(self) -> bool:
        """Whether it certainly does not run."""
        return self.state in (MISSING, "created", "exited", "dead")


def other(colour: str) -> str:
    """The colour that is not this one."""
    return "green" if colour == "blue" else "blue"


def slots() -> dict[str, str]:
    """The image in each slot: one per colour, and "release" for what runs beside them (jobs.py)."""
    return files.read_json(SLOTS) or {}


def put_in_slot(slot: str, image: str) -> None:
    """Remember which image a slot runs: after a power cut Docker and a person need the same answer."""
    files.write(SLOTS, json.dumps(slots() | {slot: image}) + "\n")


def pull(image: str, login: tuple[str, str] | None = None) -> None:
    """Have the image on this server.

    Args:
        image: by digest.
        login: user and password for the registry; forgotten as soon as the image is here.

    Raises:
        Failed: the registry does not give it.
    """
    if docker("image", "inspect", image).returncode == 0:
        return
    with tempfile.TemporaryDirectory(prefix="release-login-") as folder:
        environment = {}
        if login:
            environment = {"DOCKER_CONFIG": folder}
            user, password = login
            registry = image.split("/")[0]
            done = docker("login", "--username", user, "--password-stdin", registry,
                           environment=environment, words=password)  # fmt: skip
            if done.returncode:
                raise Failed(f"the registry {registry} refuses the login: {last_line(done.stderr)}")
        done = docker("pull", "--quiet", image, environment=environment, seconds=PATIENCE)
    if done.returncode:
        raise Failed(f"the image could not be pulled: {last_line(done.stderr)}")


@dataclass(frozen=True)
class Origin:
    """What an image says of itself: the commit it was built from, when (seconds since 1970), the schema of the
    database that it brings, and the oldest schema whose releases can live with that. Nothing said is "" and 0."""

    commit: str
    built: float
    schema: int
    schema_floor: int


def origin(image: str) -> Origin:
    """Read the labels of an image that is here."""
    told = json.loads(docker("image", "inspect", image).stdout or "[{}]")[0]
    labels = told.get("Config", {}).get("Labels") or {}
    commit = labels.get("org.opencontainers.image.revision", "")
    try:
        built = datetime.fromisoformat(told.get("Created", "")[:19] + "+00:00").timestamp()
    except ValueError:
        built = 0
    schema, floor = (labels.get(name, "") for name in ("app.schema", "app.schema-floor"))
    return Origin(
        commit if set(commit) <= set("0123456789abcdef") else "", built,
        int(schema) if schema.isdecimal() else 0, int(floor) if floor.isdecimal() else 0,
    )  # fmt: skip


def start(colour: str, settings: str = "") -> None:
    """Start a colour afresh with the image in its slot, and with a kept configuration instead of that of now.

    Raises:
        Failed: Docker does not start it.
    """
    words = ("up", "--detach", "--no-deps", "--force-recreate", "--pull", "never", f"app-{colour}")
    done = project(*words, settings=settings)
    if done.returncode:
        raise Failed(f"the container could not be started: {last_line(done.stderr)}")


def resume(colour: str) -> None:
    """Let a colour that served before run as it was; one that runs is not touched.

    Raises:
        Failed: Docker does not start it.
    """
    if look(colour).state == MISSING:
        start(colour)
        return
    done = docker("start", name_of(colour))
    if done.returncode:
        raise Failed(f"the container could not be started: {last_line(done.stderr)}")


def stop(colour: str, settings: Settings) -> None:
    """Stop a colour; requests that it still has get their time."""
    if not look(colour).ended:
        docker("stop", "-t", str(settings.drain_seconds), name_of(colour))


def look(colour: str) -> Container:
    """Docker's view of a colour."""
    return look_at(name_of(colour))


def look_at(container: str) -> Container:
    """Docker's view of a container, by its name."""
    done = docker("container", "inspect", container, seconds=10)
    if done.returncode:
        return Container(MISSING if "no such container" in done.stderr.lower() else UNKNOWN)
    told = json.loads(done.stdout)[0]
    state = told["State"]
    return Container(state["Status"], told["RestartCount"], state.get("Health", {}).get("Status", "none"))


def last_words(colour: str, lines: int = 5) -> str:
    """The end of a colour's log, for the sentence about its failure."""
    done = docker("logs", "--tail", str(lines), name_of(colour))
    return " | ".join((done.stdout + done.stderr).strip().splitlines()) or "(none)"


def remove_images(repository: str, keep: set[str]) -> None:
    """Remove this project's images that nobody may need again. One that is in use stays: Docker refuses."""
    listed = docker("image", "ls", "--all", "--digests", "--format", "{{.Repository}}@{{.Digest}}", repository).stdout
    for image in set(listed.split()) - keep:
        if "@sha256:" in image:
            docker("image", "rm", image)


def name_of(colour: str) -> str:
    """The name that Compose gives the container: project, service, number."""
    return f"application-app-{colour}-1"


def project(
    *arguments: str, release: str = "", settings: str = "", seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Docker Compose with the file, the settings and the images of this server.

    `release`: another image for the jobs this time; `settings`: a kept configuration.
    """
    place = configuration.folder(settings)
    known = slots() | ({RELEASE: release} if release else {})
    images = {VARIABLES[slot]: image for slot, image in known.items()} | {"APPLICATION_ENV": f"{place}/application.env"}
    return docker(
        "compose", "--file", str(APPLICATION / "compose.yml"), "--env-file", str(place / "settings.env"),
        *arguments, environment=images, seconds=seconds,
    )  # fmt: skip


def docker(
    *arguments: str, environment: dict[str, str] | None = None, words: str = "", seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Docker's client; a silent Docker is an error after so many seconds."""
    try:
        return subprocess.run(
            ["docker", *arguments],
            env=os.environ | (environment or {}),
            input=words,
            capture_output=True,
            text=True,
            errors="replace",
            pass_fds=lock.inherited(),
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess(error.cmd, 1, "", f"Docker did not answer within {seconds:.0f} s")


def last_line(text: str) -> str:
    """What a program said at last."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if lines else "Docker gave no reason"
