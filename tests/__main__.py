"""`python -m tests [SUITE]`: prepare the tools of one suite or of all, then run pytest over it.

Suites that may run side by side come first and share the cores, with those beside them that mostly wait; then the
others, which measure time and share one Docker.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.suites import TESTS, Suite, suites
from tests.toolbox.catalogue import environment
from tests.toolbox.prepare import prepare

# A file stays with one process, so that what its tests share is made once.
SIDE_BY_SIDE = ["--numprocesses=auto", "--dist=loadfile"]
# What waits for an alert is served first whenever it has something to do.
POLITELY = 10
COUNTED = ("passed", "failed", "skipped")


def main() -> int:
    """Run; the exit code is pytest's (the first that is not 0), or 2 when there is nothing to run."""
    names = sys.argv[1:] or [suite.name for suite in suites().values() if suite.has_tests]
    unknown = [name for name in names if name not in suites()]
    if unknown:
        print(f"There is no suite {', '.join(unknown)}; there are {', '.join(suites())}.", file=sys.stderr)
        return 2
    chosen = [suites()[name] for name in names]
    empty = [suite.name for suite in chosen if not suite.has_tests]
    if empty:
        print(f"The suite {', '.join(empty)} has no tests yet.", file=sys.stderr)
        return 2
    print("Tools:", flush=True)
    prepare(sorted({tool for suite in chosen for tool in (*suite.tools, *suite.uses)}))
    os.environ.update(environment())
    os.chdir(TESTS.parent)
    together = [suite for suite in chosen if suite.parallel]
    waiting = [suite for suite in chosen if suite.waits] if together else []
    alone = [suite for suite in chosen if suite not in (*together, *waiting)]
    with ThreadPoolExecutor() as pool:
        beside = pool.submit(_run, [], waiting, captured=True) if waiting else None
        runs = [_run(SIDE_BY_SIDE, together, nice=POLITELY if waiting else 0)] if together else []
        runs += [beside.result()] if beside else []
    runs += [_run([], alone)] if alone else []
    if len(runs) > 1:
        print(", ".join(f"{sum(run.counts[kind] for run in runs)} {kind}" for kind in COUNTED))
    return next((run.code for run in runs if run.code), 0)


@dataclass(frozen=True)
class Run:
    """How one run of pytest ended: its exit code, and how many tests ended how."""

    code: int
    counts: dict[str, int]


def _run(options: list[str], group: list[Suite], *, nice: int = 0, captured: bool = False) -> Run:
    """Run pytest over some suites, in a process of its own; what is captured is printed at once, at its end."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "record.xml"
        command = ["nice", "-n", str(nice), sys.executable, "-m", "pytest", *options, f"--junit-xml={record}"]
        told = subprocess.run(
            [*command, *(str(suite.folder) for suite in group)],
            check=False, text=True, stdout=subprocess.PIPE if captured else None,
            stderr=subprocess.STDOUT if captured else None,
        )  # fmt: skip
        if captured:
            print(told.stdout, flush=True)
        return Run(told.returncode, _counts(record))


def _counts(record: Path) -> dict[str, int]:
    """The sums of pytest's own record; a run that left none has failed as a whole, and its exit code says so."""
    if not record.exists():
        return dict.fromkeys(COUNTED, 0)
    told = ElementTree.parse(record).getroot().find("testsuite").attrib  # noqa: S314 - written by pytest just now
    failed, skipped = int(told["failures"]) + int(told["errors"]), int(told["skipped"])
    return {"passed": int(told["tests"]) - failed - skipped, "failed": failed, "skipped": skipped}


if __name__ == "__main__":
    sys.exit(main())
