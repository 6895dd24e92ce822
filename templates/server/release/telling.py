"""Progress for the person who waits. A client that went away must not stop a release."""

import os
import sys
import time

_begin = time.monotonic()


def tell(line: str) -> None:
    """Print one line with the seconds since the start."""
    say(f"{time.monotonic() - _begin:6.1f} s  {line}")


def say(text: str, to_error: bool = False) -> None:
    """Print; a closed connection is no error."""
    try:
        print(text, file=sys.stderr if to_error else sys.stdout, flush=True)
    except OSError:
        # Python would complain again at its end about what it could not print.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (sys.stderr if to_error else sys.stdout).fileno())
