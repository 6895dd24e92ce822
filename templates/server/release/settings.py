"""What the tool is told: settings.env, and where everything lies."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from release.outcome import Refused

ROOT = Path(os.environ.get("RELEASE_ROOT", "/"))
"""Root of all paths; tests use another one."""

APPLICATION = ROOT / "opt/app"
STATE = ROOT / "var/lib/release"
METRICS = ROOT / "var/lib/node-exporter/release.prom"
GATE = APPLICATION / "gate"

PREVIEW, LIVE, COUNTERS = 8081, 8082, 9180
"""Ports of the edge on 127.0.0.1: the idle colour, the live colour, the counters (server/compose.yml)."""


@dataclass(frozen=True)
class Settings:
    """One environment's settings.

    In seconds: how long a release may take to become healthy, how long it is watched, how long the former one may
    finish its requests, how long a second release waits for its turn, how long a backup or a migration may take.
    """

    project: str
    environment: str
    domain: str
    health_path: str
    image_repository: str
    health_seconds: float = 60
    watch_seconds: float = 60
    drain_seconds: int = 30
    lock_seconds: float = 900
    job_seconds: float = 3600


def read() -> Settings:
    """Read /opt/app/settings.env.

    Raises:
        Refused: the file is missing or lacks a line.
    """
    file = APPLICATION / "settings.env"
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError as error:
        raise Refused(f"{file} cannot be read ({error.strerror}): run scripts/apply.sh first") from error
    told = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    try:
        return Settings(
            project=told["PROJECT"],
            environment=told["ENVIRONMENT"],
            domain=told["DOMAIN"],
            health_path=told["HEALTH_PATH"],
            image_repository=told["IMAGE_REPOSITORY"],
            **{
                name.lower(): kind(told[name])
                for name, kind in (
                    ("HEALTH_SECONDS", float),
                    ("WATCH_SECONDS", float),
                    ("DRAIN_SECONDS", int),
                    ("LOCK_SECONDS", float),
                    ("JOB_SECONDS", float),
                )
                if name in told
            },
        )
    except KeyError as error:
        raise Refused(f"{file} lacks the line {error.args[0]}=…: run scripts/apply.sh again") from error
    except ValueError as error:
        raise Refused(f"{file} holds a time that is no number: {error}") from error


def require_allowed(image: str, settings: Settings) -> None:
    """Let only images of this project's repository pass, and only by digest: a tag can be moved.

    Raises:
        Refused: any other image.
    """
    if not re.fullmatch(re.escape(settings.image_repository) + r"@sha256:[0-9a-f]{64}", image):
        raise Refused(f"{image} is not allowed here: only {settings.image_repository}@sha256:… is")
