"""What a check found, and how a check runs a tool."""

import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

OK, FAILED, NOT_CHECKED = "ok", "failed", "not checked"


@dataclass(frozen=True)
class Outcome:
    """One line of the report. `detail` is the tool's own words, or why nothing was checked."""

    check: str
    tool: str
    status: str
    detail: str = ""

    def as_dict(self) -> dict[str, str]:
        """For `--json`."""
        return asdict(self)


def find(tool: str) -> str | None:
    """The path of a tool: beside the Python that runs us (wheels put it there), else on PATH."""
    return shutil.which(tool, path=str(Path(sys.executable).parent)) or shutil.which(tool)


def run(check: str, command: list[str | Path], folder: Path, *, environment: dict[str, str] | None = None) -> Outcome:
    """Run one tool in the repository's folder; exit code 0 is ok."""
    tool = str(command[0])
    path = find(tool)
    if not path:
        return Outcome(check, tool, NOT_CHECKED, f"{tool} is not installed")
    done = subprocess.run(
        [path, *map(str, command[1:])],
        cwd=folder,
        env=os.environ | (environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return Outcome(check, tool, OK)
    return Outcome(check, tool, FAILED, (done.stdout + done.stderr).strip())


def nothing_to_check(check: str, tool: str, what: str) -> Outcome:
    """The files that a check is for are not in the repository."""
    return Outcome(check, tool, NOT_CHECKED, f"there is no {what}")
