"""Runs a command of the toolbox: its output goes to a log, its failure becomes one sentence."""

import os
import subprocess
from pathlib import Path

from tests.toolbox.catalogue import Unavailable, cache_folder


def log_of(name: str) -> Path:
    """The log of one tool."""
    folder = cache_folder() / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"


def run(
    name: str, command: list[str | Path], *, folder: Path | None = None, environment: dict[str, str] | None = None
) -> str:
    """Run to the end and give back standard output; Unavailable with the last line if it fails."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=os.environ | (environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    with log_of(name).open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(map(str, command))}\n{done.stdout}{done.stderr}\n")
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        last = lines[-1].strip() if lines else f"exit code {done.returncode}"
        raise Unavailable(f"{Path(str(command[0])).name} failed: {last} (all of it: {log_of(name)})")
    return done.stdout
