"""Containers: the Dockerfile, the Compose projects and the edge."""

from pathlib import Path

from richtfest.checks.outcome import Outcome, find, nothing_to_check, run

SAMPLE = {
    "PROJECT": "check",
    "ENVIRONMENT": "production",
    "DOMAIN": "check.example.com",
    "APPLICATION_PORT": "8000",
    "HEALTH_PATH": "/healthz",
    "SITE_ADDRESS": "check.example.com",
    "APP_BLUE_IMAGE": "check@sha256:" + "0" * 64,
    "APP_GREEN_IMAGE": "check@sha256:" + "0" * 64,
}
"""Values that the release tool gives to Compose and to the edge on the server."""


def dockerfile(repository: Path) -> Outcome:
    """Mistakes in the Dockerfile."""
    if not (repository / "Dockerfile").is_file():
        return nothing_to_check("Dockerfile", "hadolint", "Dockerfile")
    return run("Dockerfile", ["hadolint", "Dockerfile"], repository)


def compose(repository: Path) -> list[Outcome]:
    """Every Compose project as Compose itself reads it."""
    files = sorted(repository.glob("*/compose.yml"))
    if not files:
        return [nothing_to_check("compose", "docker", "compose.yml")]
    return [_compose(repository, file) for file in files]


def _compose(repository: Path, file: Path) -> Outcome:
    check = f"compose {file.parent.name}"
    arguments = ["compose", "-f", file, "--project-directory", file.parent, "config", "--quiet"]
    tool = "docker" if find("docker") else "docker-compose"
    if tool == "docker-compose":
        arguments = arguments[1:]
    return run(check, [tool, *arguments], repository, environment=SAMPLE)


def edge(repository: Path) -> Outcome:
    """The edge's configuration as Caddy itself reads it."""
    file = repository / "server" / "edge" / "Caddyfile"
    if not file.is_file():
        return nothing_to_check("edge", "caddy", "file server/edge/Caddyfile")
    return run(
        "edge", ["caddy", "validate", "--adapter", "caddyfile", "--config", file], repository, environment=SAMPLE
    )


CHECKS = [dockerfile, compose, edge]
