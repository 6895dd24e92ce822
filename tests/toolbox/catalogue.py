"""What the toolbox knows: the tools of tools.toml, the folders of the cache, the environment that tools need."""

import json
import os
import shutil
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BESIDE_PYTHON = Path(sys.executable).parent
"""The scripts of the virtual environment that runs us; `sys.executable` is not resolved on purpose."""
SYSTEM = ["/usr/local/sbin", "/usr/sbin", "/sbin"]
"""Where servers live; not on everybody's PATH."""


class Unavailable(Exception):
    """A tool cannot be had here; the text says why in one sentence."""


@dataclass(frozen=True)
class Tool:
    """One table of tools.toml."""

    name: str
    settings: dict[str, Any]

    @property
    def pin(self) -> str:
        """Everything that decides what is built: when it changes, the tool is made again."""
        lock = HERE.parent / "requirements.txt" if "venv" in self.settings else None
        if "wheel" in self.settings:
            lock = HERE / "wheels" / self.settings["wheel"]["file"]
        if "npm" in self.settings:
            lock = HERE / "npm" / self.settings["npm"] / "package-lock.json"
        return json.dumps([self.settings, lock.read_text("utf-8") if lock else ""])


@cache
def tools() -> dict[str, Tool]:
    """All tools by name."""
    told = tomllib.loads((HERE / "tools.toml").read_text("utf-8"))
    return {name: Tool(name, settings) for name, settings in told.items()}


def tool(name: str) -> Tool:
    """One tool; an unknown name is a mistake in whoever asks."""
    try:
        return tools()[name]
    except KeyError:
        raise Unavailable(f"{name} is not in tests/toolbox/tools.toml") from None


def cache_folder() -> Path:
    """The cache outside the checkout."""
    told = os.environ.get("RICHTFEST_TOOLBOX")
    return Path(told).expanduser().resolve() if told else Path.home() / ".cache" / "richtfest" / "toolbox"


def made(name: str) -> Path:
    """An executable that the toolbox made itself."""
    return cache_folder() / "bin" / name


def stamp(name: str) -> Path:
    """The file that says with which pin a tool was made."""
    return cache_folder() / "stamps" / name


def is_current(entry: Tool) -> bool:
    """True when the toolbox made this tool, with today's pin."""
    return stamp(entry.name).is_file() and stamp(entry.name).read_text("utf-8") == entry.pin


def search_path() -> list[str]:
    """Where tools are looked for, in this order: virtual environment, toolbox, the machine's own."""
    machine = os.environ.get("PATH", "").split(os.pathsep)
    return list(dict.fromkeys([str(BESIDE_PYTHON), str(cache_folder() / "bin"), *machine, *SYSTEM]))


def which(command: str) -> Path | None:
    """The first executable of that name, in whatever version."""
    found = shutil.which(command, path=os.pathsep.join(search_path()))
    return Path(found) if found else None


def environment() -> dict[str, str]:
    """The variables with which the tools work together; merge them into os.environ."""
    told = {
        "PATH": os.pathsep.join(search_path()),
        "CHECKPOINT_DISABLE": "1",  # Terraform asks nobody whether it is the newest
        "DOCKER_BUILDKIT": "1",
    }
    if terraform_settings().is_file():
        told["TF_CLI_CONFIG_FILE"] = str(terraform_settings())
    if (docker_settings() / "cli-plugins").is_dir():
        told["DOCKER_CONFIG"] = str(docker_settings())
    return told


def terraform_settings() -> Path:
    """The file that sends Terraform and OpenTofu to the mirror of providers."""
    return cache_folder() / "terraform.rc"


def docker_settings() -> Path:
    """A configuration of Docker's client of our own, only where the machine's lacks Compose."""
    return cache_folder() / "docker"
