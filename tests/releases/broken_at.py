"""The release tool that breaks at a moment that a test names: it kills itself, as `kill -9` or a power cut would, or
the disk is full from its n-th write on.

Called as: broken_at.py FOLDER_OF_THE_APPLICATION MOMENT|NUMBER VERB...
"""

import errno
import os
import signal
import sys

sys.path.insert(0, sys.argv[1])

from release import compose, deploy, edge, files, jobs, journal, records
from release.cli import main

MOMENTS = {
    "fetched": (compose, "pull"),
    "the new colour started": (compose, "start"),
    "switched": (edge, "switch_to"),
    "the workers were replaced": (jobs, "replace_workers"),
    "recorded": (records, "write"),
    "the former colour stopped": (compose, "stop"),
}
"""After these, and after every phase that the journal knows, the process dies."""


def dies_after(function):
    """The same function; its end is the end of everything."""

    def die(*arguments, **named):
        function(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return die


def full_from(number):
    """Every write from this one on finds no space; what is renamed or removed needs none."""
    writes = 0

    def limited(function):
        def write(*arguments):
            nonlocal writes
            writes += 1
            if writes >= number:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            function(*arguments)

        return write

    files.write, files.append = limited(files.write), limited(files.append)


moment = sys.argv[2]
if moment.isdecimal():
    full_from(int(moment))
elif moment in MOMENTS:
    module, name = MOMENTS[moment]
    setattr(module, name, dies_after(getattr(module, name)))
else:
    note = deploy.Deployment.note

    def note_and_die(self, phase):
        note(self, phase)
        if phase == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    assert moment in journal.PHASES, moment
    deploy.Deployment.note = note_and_die

sys.exit(main(sys.argv[3:]))
