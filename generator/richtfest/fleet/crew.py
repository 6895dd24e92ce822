"""Work for many members at the same time: a process for each, as many at once as there are hands.

Copier changes the working directory of its process, so threads would disturb one another. Whatever happens to one
process stays with its member.
"""

import multiprocessing
import os
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from richtfest.fleet.listing import Member

PATIENCE = 20
"""Seconds that a process gets to tidy up when it is told to stop."""

Work = Callable[[Member], Any]
Arrived = Callable[[Member, Any], None]
Running = dict[Connection, tuple[Member, BaseProcess]]


class Lost(Exception):
    """The process of a member ended without a result. The message is one sentence for a person."""


def hands() -> int:
    """How many processes this machine carries."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def work_through(members: Sequence[Member], work: Work, jobs: int, arrived: Arrived) -> None:
    """Do the work for each member, at most `jobs` at a time, and hand each result over as soon as it is there.

    A result is Lost where the work has failed or its process is gone. When this is interrupted, what was already done
    is handed over, too, and no process is left behind.
    """
    # What an interrupted process leaves lying is tidied away with this folder.
    with tempfile.TemporaryDirectory(prefix="richtfest-fleet-", ignore_cleanup_errors=True) as aside:
        running: Running = {}
        try:
            _work_through(deque(members), partial(_do, work, aside), jobs, arrived, running)
        finally:
            _send_home(running, arrived)


def _work_through(waiting: deque[Member], task: Callable, jobs: int, arrived: Arrived, running: Running) -> None:
    context = _context()
    while waiting or running:
        while waiting and len(running) < jobs:
            member = waiting.popleft()
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=task, args=(member, theirs), daemon=True)
            process.start()
            theirs.close()
            running[ours] = member, process
        for connection in wait(list(running)):
            member, process = running[connection]
            result = _result(connection, process)
            del running[connection]
            arrived(member, result)


def _context() -> multiprocessing.context.BaseContext:
    """Processes that begin with everything imported where the system can do that."""
    # A socket lies in the folder for temporary files, and its path may have 104 bytes at most.
    if sys.platform == "win32" or len(os.fsencode(tempfile.gettempdir())) > 64:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["richtfest.fleet.update", "richtfest.fleet.look"])
    return context


def _do(work: Work, aside: str, member: Member, connection: Connection) -> None:
    """What a process does."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    tempfile.tempdir = os.environ["TMPDIR"] = aside
    # Nobody can answer a question here: what needs a password fails at once.
    os.environ["GIT_TERMINAL_PROMPT"] = "0"
    os.environ.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    result = None
    try:
        result = work(member)
    except KeyboardInterrupt:
        if result is None:  # else it is done, and whoever interrupts has to know
            sys.exit(130)
    except Exception as error:
        result = Lost(f"{type(error).__name__}: {error}")
    connection.send(result)


def _interrupt(*_: object) -> None:
    """Once is enough: what tidies up must not be interrupted."""
    signal.signal(signal.SIGTERM, _spend)
    signal.signal(signal.SIGINT, _spend)
    raise KeyboardInterrupt


def ignore_interrupts() -> None:
    """What comes now must be done to its end, by the programs that it starts, too."""
    for handler in (_spend, signal.SIG_IGN):
        signal.signal(signal.SIGTERM, handler)
        signal.signal(signal.SIGINT, handler)


def _spend(*_: object) -> None:
    """Python complains about a signal that was on its way when it became ignored: such a one ends here."""


def _result(connection: Connection, process: BaseProcess) -> Any:
    try:
        result = connection.recv()
    except EOFError:
        process.join()
        result = Lost(f"its process ended with {process.exitcode} before it was done")
    process.join()
    return result


def _send_home(running: Running, arrived: Arrived) -> None:
    """Stop what still runs; one that was done already is handed over."""
    if not running:
        return
    ignore_interrupts()
    for _, process in running.values():
        process.terminate()
    for connection, (member, process) in running.items():
        if not connection.poll(PATIENCE):
            process.kill()
        arrived(member, _result(connection, process))
