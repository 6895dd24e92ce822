"""What an existing application is written in, and how we know."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from richtfest.template import questions


@dataclass(frozen=True)
class Detection:
    """A stack, and the reason a person can check: file, and what was seen in it.

    `answers` holds better defaults for other questions, found on the way.
    """

    stack: str
    reason: str
    answers: dict[str, str] = field(default_factory=dict)


def detect(application: Path) -> Detection | None:
    """Tell the stack of the application in a folder from its own manifests; None when nothing is certain.

    Dependencies are parsed, not searched for as text: a comment that mentions a framework is no evidence.
    """
    for file, names in _python_dependencies(application):
        if "fastapi" in names:
            return Detection("fastapi", f"{file} depends on fastapi", _python_version(application))
    if (application / "Dockerfile").is_file():
        return Detection("docker", "there is a Dockerfile", _exposed_port(application / "Dockerfile"))
    return None


def _exposed_port(dockerfile: Path) -> dict[str, str]:
    """The port that the last EXPOSE names, when it is one that needs no rights."""
    found = re.findall(r"^EXPOSE\s+(\d+)", dockerfile.read_text("utf-8", "replace"), re.MULTILINE | re.IGNORECASE)
    return {"application_port": found[-1]} if found and 1024 <= int(found[-1]) <= 65535 else {}


def _python_version(application: Path) -> dict[str, str]:
    """The version in `.python-version`, where pyenv and uv keep it, when it is one that can be chosen."""
    file = application / ".python-version"
    if not file.is_file():
        return {}
    found = re.match(r"\s*(\d+\.\d+)", file.read_text("utf-8", "replace"))
    offered = questions()["python_version"]["choices"].values()
    return {"python_version": found.group(1)} if found and found.group(1) in offered else {}


def _python_dependencies(application: Path) -> list[tuple[str, set[str]]]:
    found = []
    project = application / "pyproject.toml"
    if project.is_file():
        found.append((project.name, _names_in_pyproject(project)))
    for file in sorted(application.glob("requirements*.txt")):
        found.append((file.name, {_name(line) for line in file.read_text("utf-8", "replace").splitlines()}))
    return found


def _names_in_pyproject(file: Path) -> set[str]:
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return set()
    names = {_name(line) for line in told.get("project", {}).get("dependencies", [])}
    names |= set(told.get("tool", {}).get("poetry", {}).get("dependencies", {}))
    return {name.lower() for name in names}


def _name(requirement: str) -> str:
    """The distribution's name at the start of a requirement line (PEP 508), in lower case."""
    match = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", requirement)
    return match.group(1).lower() if match else ""
