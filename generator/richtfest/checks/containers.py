"""Containers: the Dockerfile, the Compose projects and the edge."""

from pathlib import Path

from richtfest.checks.outcome import FAILED, NOT_CHECKED, Outcome, nothing_to_check, run
from richtfest.checks.recorded import recorded

IMAGES = dict.fromkeys(("APP_BLUE_IMAGE", "APP_GREEN_IMAGE"), "check@sha256:" + "0" * 64)
"""What the release tool gives to Compose besides the settings of the environment."""


def dockerfile(repository: Path) -> Outcome:
    """Mistakes in the Dockerfile. What is only advice about a team's own does not stop it."""
    file = Path(recorded(repository, "application_folder", "."), "Dockerfile")
    if not (repository / file).is_file():
        return nothing_to_check("Dockerfile", "hadolint", "Dockerfile")
    only_errors = ["--failure-threshold", "error"] if recorded(repository, "own_dockerfile", False) else []
    return run("Dockerfile", ["hadolint", *only_errors, file], repository)


def compose(repository: Path) -> list[Outcome]:
    """Every Compose project as Compose itself reads it."""
    files = sorted(repository.glob("*/compose.yml"))
    if not files:
        return [nothing_to_check("compose", "docker", "compose.yml")]
    if run("compose", ["docker", "compose", "version"], repository).status == FAILED:
        return [Outcome("compose", "docker", NOT_CHECKED, "Docker's plugin Compose is not installed")]
    return [_compose(repository, file) for file in files]


def _compose(repository: Path, file: Path) -> Outcome:
    arguments: list[str | Path] = ["docker", "compose", "-f", file]
    for settings in _settings(repository):
        arguments += ["--env-file", settings]
    return run(f"compose {file.parent.name}", [*arguments, "config", "--quiet"], repository, environment=IMAGES)


def _settings(repository: Path) -> list[Path]:
    """The settings of the first environment, as they are on the server."""
    return sorted((repository / "server" / "environments").glob("*.env"))[:1]


def edge(repository: Path) -> Outcome:
    """The edge's configuration as Caddy itself reads it."""
    file = repository / "server" / "edge" / "Caddyfile"
    if not file.is_file():
        return nothing_to_check("edge", "caddy", "file server/edge/Caddyfile")
    told = [line for settings in _settings(repository) for line in settings.read_text("utf-8").splitlines()]
    environment = dict(line.split("=", 1) for line in told if "=" in line and not line.startswith("#"))
    command: list[str | Path] = ["caddy", "validate", "--adapter", "caddyfile", "--config", file]
    return run("edge", command, repository, environment=environment)


CHECKS = [dockerfile, compose, edge]
