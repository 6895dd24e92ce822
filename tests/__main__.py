"""`python -m tests [SUITE]`: prepare the tools of one suite or of all, then run it; pytest has the last word."""

import os
import sys

import pytest

from tests.suites import TESTS, Suite, suites
from tests.toolbox.catalogue import environment
from tests.toolbox.prepare import prepare


def main() -> int:
    """Run; the exit code is pytest's, or 2 when there is nothing to run."""
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
    return pytest.main([*_in_parallel(chosen), *(str(suite.folder) for suite in chosen)])


def _in_parallel(chosen: list[Suite]) -> list[str]:
    """Side by side only when every chosen suite allows it: the others measure time and share one Docker.

    A file stays with one process, so that what its tests share is made once.
    """
    return ["--numprocesses=auto", "--dist=loadfile"] if all(suite.parallel for suite in chosen) else []


if __name__ == "__main__":
    sys.exit(main())
