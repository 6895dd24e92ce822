"""Docker and Docker Compose: the two colours as containers. Nothing here decides anything."""

import hashlib
import json
import os
import subprocess
import tempfile
from dataclasses import dataclass

from release import files
from release.outcome import Failed
from release.settings import APPLICATION, STATE, Settings

COLOURS = ("blue", "green")
SLOTS = STATE / "slots.json"


@dataclass(frozen=True)
class Container:
    """What Docker says of a container."""

    running: bool
    restarts: int
    health: str


def other(colour: str) -> str:
    """The colour that is not this one."""
    return "green" if colour == "blue" else "blue"


def slots() -> dict[str, str]:
    """The image in each colour."""
    return files.read_json(SLOTS) or {}


def put_in_slot(colour: str, image: str) -> None:
    """Remember which image a colour runs: after a power cut Docker and a person need the same answer."""
    files.write(SLOTS, json.dumps(slots() | {colour: image}) + "\n")


def pull(image: str, login: tuple[str, str] | None = None) -> None:
    """Have the image on this server.

    Args:
        image: by digest.
        login: user and password for the registry; forgotten as soon as the image is here.

    Raises:
        Failed: the registry does not give it.
    """
    if _docker("image", "inspect", image, check=False).returncode == 0:
        return
    with tempfile.TemporaryDirectory(prefix="release-login-") as folder:
        environment = {}
        if login:
            environment = {"DOCKER_CONFIG": folder}
            user, password = login
            registry = image.split("/")[0]
            done = _docker("login", "--username", user, "--password-stdin", registry,
                           environment=environment, words=password, check=False)  # fmt: skip
            if done.returncode:
                raise Failed(f"the registry {registry} refuses the login: {_last_line(done.stderr)}")
        done = _docker("pull", "--quiet", image, environment=environment, check=False)
    if done.returncode:
        raise Failed(f"the image could not be pulled: {_last_line(done.stderr)}")


def commit_of(image: str) -> str:
    """The commit that an image was built from, as its label says; "" when it does not."""
    form = '{{index .Config.Labels "org.opencontainers.image.revision"}}'
    told = _docker("image", "inspect", "--format", form, image, check=False).stdout.strip()
    return told if set(told) <= set("0123456789abcdef") else ""


def configuration() -> str:
    """A fingerprint of the settings and secrets that a container started now would get."""
    digest = hashlib.sha256()
    for name in ("settings.env", "application.env", "compose.yml"):
        file = APPLICATION / name
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()[:12]


def start(colour: str, settings: Settings) -> None:
    """Start a colour afresh with the image in its slot.

    Raises:
        Failed: Docker does not start it.
    """
    done = _compose(settings, "up", "--detach", "--no-deps", "--force-recreate", "--pull", "never", f"app-{colour}")
    if done.returncode:
        raise Failed(f"the container could not be started: {_last_line(done.stderr)}")


def resume(colour: str, settings: Settings) -> None:
    """Start a colour that was stopped, with the image in its slot; one that runs stays as it is."""
    done = _compose(settings, "up", "--detach", "--no-deps", "--pull", "never", f"app-{colour}")
    if done.returncode:
        raise Failed(f"the container could not be started: {_last_line(done.stderr)}")


def stop(colour: str, settings: Settings) -> None:
    """Stop a colour; requests that it still has get their time."""
    _compose(settings, "stop", "--timeout", str(settings.drain_seconds), f"app-{colour}")


def look(colour: str, settings: Settings) -> Container | None:
    """Docker's view of a colour; None when there is no container."""
    name = _compose(settings, "ps", "--all", "--quiet", f"app-{colour}").stdout.strip()
    if not name:
        return None
    told = json.loads(_docker("inspect", name).stdout)[0]
    state = told["State"]
    return Container(state["Running"], told["RestartCount"], state.get("Health", {}).get("Status", "none"))


def last_words(colour: str, settings: Settings, lines: int = 5) -> str:
    """The end of a colour's log, for the sentence about its failure."""
    done = _compose(settings, "logs", "--no-color", "--no-log-prefix", "--tail", str(lines), f"app-{colour}")
    return " | ".join(done.stdout.strip().splitlines()) or "(none)"


def remove_images(repository: str, keep: set[str]) -> None:
    """Remove this project's images that nobody may need again. One that is in use stays: Docker refuses."""
    listed = _docker("image", "ls", "--digests", "--format", "{{.Repository}}@{{.Digest}}", repository).stdout
    for image in set(listed.split()) - keep:
        if "@sha256:" in image:
            _docker("image", "rm", image, check=False)


def _compose(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    images = {f"APP_{colour.upper()}_IMAGE": image for colour, image in slots().items()}
    return _docker(
        "compose", "--file", str(APPLICATION / "compose.yml"), "--env-file", str(APPLICATION / "settings.env"),
        *arguments, environment=images, check=False,
    )  # fmt: skip


def _docker(
    *arguments: str, environment: dict[str, str] | None = None, words: str = "", check: bool = True
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", *arguments],
        env=os.environ | (environment or {}),
        input=words,
        capture_output=True,
        text=True,
        check=check,
    )


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if lines else "Docker gave no reason"
