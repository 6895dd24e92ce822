"""Servers to which something happens. They run side by side, so that the waiting is done once."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.monitoring.server import Server, wait_for

WARM_UP = 75
"""Seconds of good service before anything happens: five rounds of measuring."""


@pytest.fixture(scope="session")
def servers(toolbox, tmp_path_factory) -> Iterator[dict[str, Server]]:
    """One server per story, after a while of good service."""
    with ExitStack() as running:
        stories = {
            "calm": {},
            "failing": {"receiver": "slack"},
            "gone": {"visitors": 0.25},
            "first day": {"secrets": False, "visitors": 0},
        }
        found = {
            story: running.enter_context(Server(tmp_path_factory.mktemp(story.replace(" ", "-")), toolbox, **settings))
            for story, settings in stories.items()
        }
        for server in found.values():
            wait_for(lambda server=server: len(server.query("up == 1")) == 6, "not all six targets are up", 90)
        time.sleep(WARM_UP)
        found["calm"].application.failing = 5
        found["failing"].application.failing = 1000
        found["gone"].application.stop()
        for server in found.values():
            server.broken_at = time.monotonic()
        yield found
