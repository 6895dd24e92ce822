"""One release at a time. The kernel holds the lock, so it ends with the process: it cannot go stale.

Commands that a release starts hold it too: when the release is killed, a `docker compose up` that is still at work
must end before anybody else begins.
"""

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

from release import files
from release.outcome import Locked
from release.settings import STATE
from release.telling import tell

LOCK, HOLDER = STATE / "lock", STATE / "lock-holder.json"
_inherited: list[int] = []


def inherited() -> tuple[int, ...]:
    """Descriptors that commands must inherit."""
    return tuple(_inherited)


@contextmanager
def held(who: str, wait: float) -> Iterator[None]:
    """Hold the lock while the block runs; wait for it up to `wait` seconds, saying who has it since when.

    Raises:
        Locked: it was not free in time.
    """
    STATE.mkdir(parents=True, exist_ok=True)
    with LOCK.open("a") as stream:
        _take(stream.fileno(), wait)
        _inherited.append(stream.fileno())
        files.write(HOLDER, json.dumps({"who": who, "since": int(time.time())}) + "\n")
        try:
            yield
        finally:
            _inherited.clear()
            files.remove(HOLDER)


def _take(descriptor: int, wait: float) -> None:
    end, told = time.monotonic() + wait, False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            sentence = _who()
            if time.monotonic() >= end:
                raise Locked(sentence) from None
            if not told:
                tell(f"{sentence}; waiting up to {wait:.0f} s")
                told = True
            time.sleep(0.2)


def _who() -> str:
    other = files.read_json(HOLDER)
    if not other:
        return "somebody else is releasing"
    return f"{other['who']} is releasing since {time.strftime('%H:%M:%S', time.localtime(other['since']))}"
