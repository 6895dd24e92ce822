"""The release tool that kills itself, as `kill -9` or a power cut would, at a moment that a test names.

Called as: killed_at.py FOLDER_OF_THE_APPLICATION MOMENT VERB...
"""

import os
import signal
import sys

sys.path.insert(0, sys.argv[1])

from release import compose, deploy, edge, jobs, journal, records
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


moment = sys.argv[2]
if moment in MOMENTS:
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
