"""Servers to which something happens. They run side by side, so that the waiting is done once, and while it is done the
tests run that need none of them."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest

from tests.monitoring.faults import FAULTS, Fault, Story, live_through
from tests.monitoring.server import RECORD, Server, wait_for

WARM_UP = 75
"""Seconds of good service before anything happens: five rounds of measuring."""
OTHERS = {
    "calm": {"visitors": 5},
    "calm, many visitors": {"visitors": 20},
    "calm, few visitors": {"visitors": 0.2},
    "first day": {"secrets": False, "visitors": 0},
    "Prometheus is killed": {"visitors": 0},
    "Alertmanager is killed": {"visitors": 0},
}
"""Servers without a fault of the list, by what happens there."""
FREE_DISK = 0.12
"""The servers measure this machine's own disk: with less free than this, its alert would be among the others."""


@dataclass
class World:
    """All servers by name, and how each fault went, once its thread has ended."""

    servers: dict[str, Server]
    stories: dict[str, Story] = field(default_factory=dict)
    threads: dict[str, threading.Thread] = field(default_factory=dict)
    begun: float = 0

    def live_through(self, fault: Fault) -> None:
        """Let it happen in the background."""

        def live() -> None:
            self.stories[fault.name] = live_through(fault, self.servers[fault.server or fault.name])

        self.threads[fault.name] = threading.Thread(target=live, daemon=True)
        self.threads[fault.name].start()

    def story_of(self, fault: Fault) -> Story:
        """How it went, when it is over."""
        self.threads[fault.name].join()
        return self.stories[fault.name]


TOLD: list[tuple[Fault, Story]] = []


@pytest.fixture(scope="session")
def world(toolbox, tmp_path_factory) -> Iterator[World]:
    """Every server after a while of good service, and every fault on its way."""
    disk = shutil.disk_usage("/")
    assert disk.free / disk.total > FREE_DISK, "this machine's disk is almost full, and every server would say so"
    settings = OTHERS | {fault.server or fault.name: fault.settings for fault in FAULTS}
    with ExitStack() as running:
        servers = {
            name: running.enter_context(Server(tmp_path_factory.mktemp(f"server{number}-"), toolbox, **told))
            for number, (name, told) in enumerate(settings.items())
        }
        found = World(servers)
        running.callback(measure_for_ever(servers["containers"]).set)
        for disk, inodes in (("data-disk", 4096), ("inode-disk", 64)):
            servers["host"].host.make_disk(servers["host"].folder / disk, inodes=inodes)
        for server in servers.values():
            wait_for(lambda server=server: len(server.query("up == 1")) == 6, "not all six targets are up", 120)
        time.sleep(WARM_UP)
        found.begun = time.monotonic()
        for name, server in servers.items():
            server.application.failing = 5 if name.startswith("calm") else server.application.failing
        servers["calm"].let_the_release_tool(RECORD.replace("image-a", "image-b"))
        servers["Prometheus is killed"].kill("prometheus")
        servers["Alertmanager is killed"].kill("alertmanager")
        for fault in FAULTS:
            found.live_through(fault)
        yield found
        TOLD.extend((fault, found.stories[fault.name]) for fault in FAULTS if fault.name in found.stories)


def measure_for_ever(server: Server) -> threading.Event:
    """Write down twice a minute what the containers use; the event ends it."""
    ended = threading.Event()

    def measure() -> None:
        while not ended.is_set():
            with suppress(Exception):
                server.measure_containers()
            ended.wait(15)

    threading.Thread(target=measure, daemon=True).start()
    return ended


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First what starts the servers, last what waits for the end of a fault."""
    here = [item for item in items if item.path.parent.name == "monitoring"]
    places = sorted(items.index(item) for item in here)
    here.sort(key=lambda item: (item.name != "test_all_is_well_before_anything_happens", "world" in item.fixturenames))
    for place, item in zip(places, here, strict=True):
        items[place] = item


def pytest_terminal_summary(terminalreporter) -> None:
    """How long it took until the team knew."""
    if TOLD:
        terminalreporter.section("faults: seconds until the mail about it, and from its end to the mail that says so")
    for fault, story in TOLD:
        told, resolved = (f"{seconds:6.0f}" if seconds else "     -" for seconds in (story.told, story.resolved))
        terminalreporter.write_line(f"{told}{resolved}  {fault.alert:25} {fault.name} {story.failure}")
