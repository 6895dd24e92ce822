"""The story of an apply: everything is validated before anything changes; what is equal is left alone; a failure puts
the old files back. The colours of the application are not touched: what they run changes with the next release.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from apply import differences, files, package, programs, validation
from apply.outcome import Invalid
from release import edge, lock, metrics, settings
from release.outcome import Stop


def main(arguments: list[str]) -> int:
    """Apply the package that is unpacked in the folder named first; with --dry-run only tell what would change."""
    os.umask(0o022)
    folder, dry = Path(arguments[0]), "--dry-run" in arguments
    try:
        with lock.held("apply", wait=900), tempfile.TemporaryDirectory(prefix="apply-") as scratch:
            told = apply(folder, Path(scratch), dry=dry)
    except (Invalid, Stop, OSError) as error:
        print(f"Nothing is changed: {error}", file=sys.stderr)
        return 1
    print(told or "Nothing to do: the server has it already.")
    if dry and told:
        print("Nothing is changed: this was a dry run.")
    return 0


def apply(folder: Path, scratch: Path, *, dry: bool) -> str:
    """Lay the new files out, validate them, put them in place, tell the programs that read them.

    Returns:
        What was changed, for a person.
    """
    new, old = scratch / "new", scratch / "old"
    package.lay_out(folder, new)
    changed = differences.find(new)
    validation.validate(new, changed)
    told = differences.describe(new, changed)
    if dry:
        return told
    served = serves()
    files.keep(changed, old)
    try:
        files.replace(new, changed)
        programs.tell(changed)
        if served and not serves(patience=10):
            raise Invalid("the application could not be reached through the edge any more")
    except Exception as error:
        files.replace(old, changed)
        programs.tell(changed, check=False)
        raise Invalid(str(error)) from error
    differences.remember(new)
    metrics.publish(settings.read())  # a service that makes backups may be new, and they are to be missed
    return told


def serves(patience: float = 0) -> bool:
    """Whether the release that has the traffic answers through the edge; it gets some seconds for that."""
    end = time.monotonic() + patience
    while True:
        try:
            if edge.live_colour() and not edge.ask_live(settings.read()):
                return True
        except Stop:
            return False  # the first time: there are no settings yet
        if time.monotonic() >= end:
            return False
        time.sleep(0.2)
