"""Finds tools: `find(name)` gives the path of a sufficient one or says in one sentence why there is none."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.toolbox import docker, images, providers
from tests.toolbox.catalogue import Tool, Unavailable, is_current, made, search_path, tool


@cache
def find(name: str) -> Path:
    """The path of a tool in a sufficient version, else Unavailable."""
    entry = tool(name)
    if "provider" in entry.settings:
        return providers.present(entry)
    special = {"docker": docker.engine, "compose": docker.compose, "images": images.present}
    if "special" in entry.settings:
        return special[entry.settings["special"]]()
    return _executable(entry)


def forget() -> None:
    """Look again: something was installed."""
    find.cache_clear()


def _executable(entry: Tool) -> Path:
    unfit = ""
    for found in _candidates(entry):
        if found == made(entry.name):
            if is_current(entry):
                return found
            continue
        version = _version(entry, found)
        least, below = entry.settings.get("enough", "0"), entry.settings.get("below")
        if _number(version) >= _number(least) and not (below and _number(version) >= _number(below)):
            return found
        unfit = f"; {found} is {version}, needed is {least} or newer{f' and older than {below}' if below else ''}"
    package = f"; as root: apt-get install {entry.settings['apt'][0]}" if "apt" in entry.settings else ""
    raise Unavailable(f"{entry.name} is not installed{unfit}{package}")


def _candidates(entry: Tool) -> Iterator[Path]:
    """The tool under its own name everywhere, then the one that the virtual environment brings."""
    for name in dict.fromkeys([entry.name, entry.settings.get("venv", entry.name)]):
        for folder in search_path():
            if found := shutil.which(name, path=folder):
                yield Path(found)


def _version(entry: Tool, path: Path) -> str:
    """The version that an executable tells of itself; asked only where a least version is needed."""
    if "enough" not in entry.settings:
        return "0"
    arguments = entry.settings.get("version_of", ["--version"])
    told = subprocess.run(
        [path, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
    )
    numbers = re.search(r"\d+(\.\d+)+", told.stdout + told.stderr)
    return numbers.group() if numbers else "0"


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
