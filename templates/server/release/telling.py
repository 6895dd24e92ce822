"""Progress for the person who waits. A client that went away must not stop a release."""

import sys
import time

_begin = time.monotonic()


def tell(line: str) -> None:
    """Print one line with the seconds since the start; a closed connection is no error."""
    try:
        print(f"{time.monotonic() - _begin:6.1f} s  {line}", flush=True)
    except OSError:
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115, PTH123
