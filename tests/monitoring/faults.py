"""What can go wrong on a server, each with what the team must hear of it: which alert, how soon, and nothing else."""

import json
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.monitoring.server import Server

NEVER = "from release import backups, metrics, settings; metrics.publish(settings.read())"
NOW = "from release import backups, metrics, settings; backups.remember('dump'); metrics.publish(settings.read())"
OLD = "import time; time.time = lambda now=time.time: now() - 100000\n" + NOW


@dataclass(frozen=True)
class Fault:
    """Something that begins and ends on a server.

    `within`: seconds from its begin to the mail; `settings`: of its server; `after`: what happens when it has been
    told, and `hold`: seconds that it then goes on. Two faults with the same `server` share one.
    """

    name: str
    alert: str
    within: float
    begin: Callable[[Server], Any]
    end: Callable[[Server], Any]
    settings: dict[str, Any] = field(default_factory=dict)
    after: Callable[[Server], Any] | None = None
    hold: float = 0
    server: str = ""


# ---- the application and its visitors ------------------------------------------------------------------------------


def fail(thousandth: int, server: Server) -> None:
    """Let so many of a thousand requests fail."""
    server.application.failing = thousandth


def slow_down(seconds: float, server: Server) -> None:
    """Let every request take so much longer."""
    server.application.slower = seconds


def leave(server: Server) -> None:
    """Nobody comes any more."""
    server.visitors.away = True


def return_(server: Server) -> None:
    """Everybody comes again."""
    server.visitors.away = False


def nothing(_server: Server) -> None:
    """It ends by itself."""


# ---- the host ------------------------------------------------------------------------------------------------------


def fill_disk(server: Server) -> None:
    """Write until 5 % are left."""
    place = server.folder / "data-disk"
    free = int(subprocess.check_output(["stat", "-fc", "%a", place]))
    size = int(subprocess.check_output(["stat", "-fc", "%S", place]))
    (place / "full").write_bytes(bytes(int(free * size * 0.95)))


def use_up_inodes(server: Server) -> None:
    """Make small files until nearly no more can be made."""
    place = server.folder / "inode-disk"
    with suppress(OSError):
        for number in range(10_000):
            (place / str(number)).touch()


def clear(name: str, server: Server) -> None:
    """Remove what has been written."""
    for file in (server.folder / name).iterdir():
        if file.is_file():
            file.unlink()


def use(part: str, share: float, server: Server) -> None:
    """Let the host's processor or memory be as full as that."""
    setattr(server.host, part, share)


# ---- containers ----------------------------------------------------------------------------------------------------

HUNGRY = "import time; memory = b'x' * ({} << 20); time.sleep(3600)"
COMPOSE = {
    "name": "monitoring-suite",
    "services": {
        "worker": {"command": ["python3", "-c", "raise SystemExit(1)"], "restart": "always"},
        "leak": {"command": ["python3", "-c", HUNGRY.format(200)], "mem_limit": "40m"},
        "app-blue": {"command": ["python3", "-c", HUNGRY.format(57)], "mem_limit": "64m", "memswap_limit": "64m"},
    },
}


def compose(server: Server, *words: str) -> None:
    """Docker Compose with the services above."""
    file = server.folder / "containers.json"
    # Without a network of their own: faults begin at the same moment, and Compose would make that network three times.
    services = {n: s | {"image": "python:3.13-slim", "network_mode": "none"} for n, s in COMPOSE["services"].items()}
    file.write_text(json.dumps(COMPOSE | {"services": services}))
    subprocess.run(["docker", "compose", "--file", file, *words], check=True, capture_output=True)


def begin_container(name: str, server: Server) -> None:
    """Start it."""
    compose(server, "up", "--detach", "--pull", "never", name)


def end_container(name: str, server: Server) -> None:
    """Remove it."""
    compose(server, "rm", "--stop", "--force", name)


# ---- certificate, backup, the monitoring itself --------------------------------------------------------------------


def issue(days: int, server: Server) -> None:
    """Let the edge serve a certificate that is good for so many days."""
    server.certificates.issue(days=days)
    server.reload_edge()


def expect_backups(server: Server, last: str) -> None:
    """There is a service that makes backups; so old is the last one."""
    (Path(server.folder) / "root/opt/app/compose.yml").write_text("services:\n  backup:\n    image: backup\n")
    server.let_the_release_tool(last)


BUSY, CHAT, IDLE = {"visitors": 5.0}, {"visitors": 5.0, "receiver": "slack"}, {"visitors": 0}
FROM_THE_START = {"visitors": 5.0, "failing": 10}
CONTAINERS = {"visitors": 0, "vmstat_of_the_machine": True}
FAULTS = [
    Fault("every request fails", "HighErrorRate", 75, partial(fail, 1000), partial(fail, 0), CHAT),
    Fault("one of five requests fails", "HighErrorRate", 190, partial(fail, 200), partial(fail, 0), BUSY),
    Fault("one of a hundred requests fails", "ErrorBudgetBurn", 960, partial(fail, 10), partial(fail, 0),
          FROM_THE_START),
    Fault("every request takes 1.5 s longer", "HighLatency", 300, partial(slow_down, 1.5), partial(slow_down, 0),
          {"visitors": 2.0}),
    Fault("nobody comes any more", "TrafficDrop", 1080, leave, return_, BUSY),
    Fault("the application is gone, many come", "ServiceDown", 95, lambda server: server.application.stop(),
          lambda server: server.application.start(), BUSY, hold=60),
    Fault("the application is gone, nobody comes", "ServiceDown", 95, lambda server: server.application.stop(),
          lambda server: server.application.start(), IDLE),
    Fault("the edge is reloaded while one of five requests fails", "HighErrorRate", 190, partial(fail, 200),
          partial(fail, 0), BUSY, after=lambda server: server.reload_edge(), hold=400),
    Fault("the disk is 95 % full", "DiskAlmostFull", 330, fill_disk, partial(clear, "data-disk"), IDLE,
          server="host"),
    Fault("no inodes are left", "InodesAlmostFull", 390, use_up_inodes, partial(clear, "inode-disk"), IDLE,
          server="host"),
    Fault("5 % of the memory are available", "MemoryLow", 390, partial(use, "available", 0.05),
          partial(use, "available", 0.6), IDLE, server="host"),
    Fault("the processor is 97 % busy", "CPUSaturated", 450, partial(use, "busy", 0.97), partial(use, "busy", 0.1),
          IDLE, server="host"),
    Fault("a process is ended because memory ran out", "OutOfMemoryKill", 100, partial(begin_container, "leak"),
          partial(end_container, "leak"), CONTAINERS, server="containers"),
    Fault("a worker ends at each start", "ContainerRestarting", 150, partial(begin_container, "worker"),
          partial(end_container, "worker"), CONTAINERS, server="containers"),
    Fault("a container is near its limit of memory", "ContainerMemoryNearLimit", 180,
          partial(begin_container, "app-blue"),
          partial(end_container, "app-blue"), CONTAINERS, server="containers"),
    Fault("the certificate is near its end", "CertificateExpiring", 180, partial(issue, 5), partial(issue, 80),
          IDLE, server="certificate"),
    Fault("no backup was ever made", "BackupTooOld", 180, partial(expect_backups, last=NEVER),
          partial(expect_backups, last=NOW), IDLE, server="certificate"),
    Fault("the last backup is old", "BackupTooOld", 180, partial(expect_backups, last=OLD),
          partial(expect_backups, last=NOW), IDLE),
    Fault("an exporter is gone", "TargetDown", 400, lambda server: server.kill("node"),
          lambda server: server.run_service("node"), IDLE),
]  # fmt: skip


@dataclass
class Story:
    """How it went: when each mail came, in seconds after the begin and after the end."""

    told: float | None = None
    resolved: float | None = None
    failure: str = ""


RESOLVED_WITHIN = 720
"""The longest window that must pass (five minutes), the interval between two messages of a group (five), and a bit."""


def live_through(fault: Fault, server: Server) -> Story:
    """Let it happen, wait until it is told, let it end, wait until that is told."""
    story = Story()
    try:
        begun = time.monotonic()
        fault.begin(server)
        story.told = _mail(server, fault.alert, begun, fault.within + 60, firing=True)
        if fault.after:
            fault.after(server)
        time.sleep(fault.hold)
        ended = time.monotonic()
        fault.end(server)
        story.resolved = _mail(server, fault.alert, ended, RESOLVED_WITHIN, firing=False)
    except Exception as error:
        story.failure = repr(error)
    return story


def _mail(server: Server, alert: str, since: float, patience: float, *, firing: bool) -> float:
    while time.monotonic() < since + patience:
        for mail in server.mails_about(alert):
            if mail.subject.startswith("resolved") != firing and mail.arrived > since:
                return mail.arrived - since
        time.sleep(0.5)
    raise AssertionError(f"no mail {'about' if firing else 'that ends'} {alert} after {patience:.0f} s")
