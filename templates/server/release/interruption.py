"""What may interrupt a release: a lost connection never does, Ctrl-C and a shutdown do, and then it goes back."""

import signal

from release.outcome import Interrupted

ENDING = (signal.SIGINT, signal.SIGTERM)


def listen() -> None:
    """From now on Ctrl-C and a shutdown raise Interrupted, and a hang-up is ignored."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for number in ENDING:
        signal.signal(number, _raise)


def shut_out() -> None:
    """From now on nothing but a power cut stops this process: it is cleaning up."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def _raise(number: int, _frame: object) -> None:
    raise Interrupted(f"it was interrupted ({signal.Signals(number).name})")
