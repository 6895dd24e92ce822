"""Running other programs."""

import subprocess
from pathlib import Path

from apply.outcome import Invalid


def require(what: str, *command: str | Path) -> str:
    """Run a command that must succeed; what it prints.

    Raises:
        Invalid: with that program's own words.
    """
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise Invalid(f"{command[0]} is not installed on the server, so {what} cannot be checked") from error
    if done.returncode:
        raise Invalid(f"{what} says:\n{done.stdout}{done.stderr}".strip())
    return done.stdout


def run(*command: str | Path, check: bool) -> str:
    """Run a command; what it says goes to the person only when it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode and check:
        raise Invalid(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}".strip())
    return done.stdout.strip()


def compose(application: Path, project: str) -> tuple[str | Path, ...]:
    """Compose for one of the two projects, with the settings of this server."""
    file = application / project / "compose.yml"
    return ("docker", "compose", "--file", file, "--env-file", application / "settings.env")
