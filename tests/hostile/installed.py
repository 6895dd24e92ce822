"""The command as an installation has it: the package with the template inside, run as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.generation import files_of
from tests.released import installed, origin


def install(folder: Path) -> dict[str, str]:
    """Install this checkout's wheel into a folder; returns the environment that runs it from there."""
    site = installed(origin(folder).path, folder)
    return os.environ | {"PYTHONPATH": str(site), "LANG": "C.UTF-8"}


def start(destination: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    """`richtfest new --defaults`, in a group of processes of its own, as a terminal starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "richtfest", "new", str(destination), "--defaults"],
        cwd=destination.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, without scratch folders."""
    found = {path.relative_to(folder): path.read_bytes() for path in files_of(folder)}
    return {path.as_posix(): content for path, content in found.items() if not path.parts[0].startswith(".richtfest-")}
