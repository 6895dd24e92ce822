"""The settings and secrets that a container is made with, kept for as long as somebody may go back to its release."""

import hashlib
import shutil
from pathlib import Path

from release import files
from release.settings import APPLICATION, STATE

FOLDER = STATE / "configurations"
KEPT = ("settings.env", "application.env")
"""What a release takes back with it. compose.yml says what the server is like, and stays as it is."""


def fingerprint() -> str:
    """Of what a container started now would get."""
    digest = hashlib.sha256()
    for name in (*KEPT, "compose.yml"):
        file = APPLICATION / name
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()[:12]


def keep() -> str:
    """Keep what a container started now would get; its fingerprint."""
    name = fingerprint()
    FOLDER.mkdir(mode=0o700, exist_ok=True)  # nobody else may look in: there are secrets
    (FOLDER / name).mkdir(mode=0o700, exist_ok=True)
    for part in KEPT:
        source = APPLICATION / part
        files.write(FOLDER / name / part, source.read_text("utf-8") if source.exists() else "")
    return name


def folder(name: str) -> Path:
    """Where the kept files are; those of now, if nothing is kept under this name."""
    return FOLDER / name if name and (FOLDER / name).is_dir() else APPLICATION


def is_kept(name: str) -> bool:
    """Whether a release could run with this configuration again."""
    return folder(name) != APPLICATION


def forget_all_but(names: set[str]) -> None:
    """Remove what nobody will go back to."""
    for kept in FOLDER.glob("*"):
        if kept.name not in names:
            shutil.rmtree(kept, ignore_errors=True)
