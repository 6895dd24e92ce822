"""One release at a time. The kernel holds the lock, so it ends with the process: it cannot go stale."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from release import files
from release.outcome import Locked
from release.settings import STATE
from release.telling import tell


@contextmanager
def held(who: str, wait: float) -> Iterator[None]:
    """Hold the lock while the block runs; wait for it up to `wait` seconds, saying who has it since when.

    Raises:
        Locked: it was not free in time.
    """
    STATE.mkdir(parents=True, exist_ok=True)
    holder = STATE / "lock-holder.json"
    with (STATE / "lock").open("a") as stream:
        _take(stream.fileno(), wait, holder)
        files.write(holder, f'{{"who": "{who}", "since": {int(time.time())}, "pid": {os.getpid()}}}\n')
        try:
            yield
        finally:
            files.remove(holder)


def _take(descriptor: int, wait: float, holder) -> None:
    end, told = time.monotonic() + wait, False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            sentence = _who(holder)
            if time.monotonic() >= end:
                raise Locked(sentence) from None
            if not told:
                tell(f"{sentence}; waiting up to {wait:.0f} s")
                told = True
            time.sleep(0.2)


def _who(holder) -> str:
    other = files.read_json(holder) or {"who": "somebody", "since": time.time()}
    since = time.strftime("%H:%M:%S", time.localtime(other["since"]))
    return f"{other['who']} is releasing since {since}"
