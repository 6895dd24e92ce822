"""The checks of `richtfest check`: one module per kind of file, each a list of checks.

A check is a function from the repository's folder to an Outcome. It puts files before the real tool that
will read them; a tool that is not there makes the check "not checked", never "ok".
"""

from collections.abc import Callable
from pathlib import Path

from richtfest.checks import containers, infrastructure, monitoring, pipelines, texts
from richtfest.checks.outcome import Outcome

ALL: list[Callable[[Path], Outcome | list[Outcome]]] = [
    *infrastructure.CHECKS,
    *pipelines.CHECKS,
    *containers.CHECKS,
    *monitoring.CHECKS,
    *texts.CHECKS,
]
