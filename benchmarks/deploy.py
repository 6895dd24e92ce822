"""What a release costs: our release tool beside kamal-proxy and beside plain `docker compose up -d`.

The same images, the same load, the same machine, one peer after the other. All are reached over HTTPS on the same
port, and nothing is counted but what the clients saw. Nobody's build, and nobody's way to the server, is in it.
"""

import asyncio
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from tests.conftest import registry_in, run_docker
from tests.generation import render
from tests.releases.conftest import Server, alone, build_images, fit_for_tests, server_in, wait_until
from tests.releases.load import ADDRESS, Load, ask
from tests.toolbox import images, search
from tests.toolbox.catalogue import environment, tool
from tests.toolbox.prepare import prepare

from richtfest import __version__

TOOLS = ["go", "docker", "compose", "base-images", "docker-registry", "kamal-proxy"]
FIRST, NEXT, BAD = "good", ("better", "best", "brave"), "failing"
"""The images, by their behaviour: what serves at first, what follows it, and one that fails 20 % of its requests."""
PATIENCE = 20
"""Seconds for which a bad release is looked at when nobody acts."""
SLOWEST = 3
"""When a version has not answered for so many seconds, it is gone: the slowest request takes two."""
PUBLISHED = f"{ADDRESS[0]}:{ADDRESS[1]}:443"


def main() -> None:
    """Measure every peer and print the table."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if prepare(TOOLS):
        sys.exit("Not every tool is here: nothing was measured.")
    os.environ.update(environment())
    figures = {}
    with tempfile.TemporaryDirectory(prefix="richtfest-bench-") as name, alone(), ExitStack() as stack:
        base = Path(name)
        generated = render({"domain": "localhost.example.com", "project_name": "shop", "grafana": False}, base / "shop")
        fit_for_tests(generated, images.ensure)
        registry = stack.enter_context(registry_in(folder(base, "registry")))
        stack.callback(remove_images, f"{registry}/acme/shop")
        built = build_images(run_docker, registry, folder(base, "sample"), (FIRST, *NEXT, BAD))
        for peer in (ours, kamal_proxy, compose):
            with peer(base, generated, built, registry) as measured:
                figures[measured.title] = measure(measured)
    report(figures)


# ---- what is measured --------------------------------------------------------------------------------


@dataclass
class Peer:
    """One way of releasing: how it releases and how it goes back."""

    title: str
    release: Callable[[str], object]
    go_back: Callable[[], object]


@dataclass
class Figures:
    """What the clients saw of one peer."""

    releases: list[Load] = field(default_factory=list)
    to_switch: list[float] = field(default_factory=list)
    ways_back: list[Load] = field(default_factory=list)
    to_switch_back: list[float] = field(default_factory=list)
    bad: Load = field(default_factory=Load)
    went_back: bool = False


def measure(peer: Peer) -> Figures:
    """Releases and manual rollbacks in turns, then the bad release."""
    found = Figures()
    peer.release(FIRST)
    wait_until(lambda: ask("/")[1] == FIRST, f"{peer.title} does not serve")
    for version in NEXT:
        load, seconds = switched(version, lambda version=version: peer.release(version))
        found.releases.append(load)
        found.to_switch.append(seconds)
        load, seconds = switched(FIRST, peer.go_back)
        found.ways_back.append(load)
        found.to_switch_back.append(seconds)
    found.bad = under_load(lambda load: (peer.release(BAD), endure(load)))
    found.went_back = FIRST in found.bad.last and found.bad.last[FIRST] > found.bad.last[BAD]
    return found


def switched(version: str, command: Callable[[], object]) -> tuple[Load, float]:
    """Run a command under load; seconds from its start to the first answer of this version."""
    begins = []
    load = under_load(lambda load: (begins.append(time.monotonic()), command(), wait_for(version, load)))
    return load, load.first[version] - begins[0]


def endure(load: Load) -> None:
    """Look at the bad release until it is gone, or until patience ends."""
    wait_for(BAD, load)
    while time.monotonic() - load.first[BAD] < PATIENCE and time.monotonic() - load.last[BAD] < SLOWEST:
        time.sleep(0.1)


def wait_for(version: str, load: Load) -> None:
    """Some commands end before anybody has an answer."""
    wait_until(lambda: version in load.first, f"{version} never answered")


def under_load(step: Callable[[Load], object]) -> Load:
    """Run a step while customers ask. They ask in a thread, so that an interruption meets the step and its clean-up."""
    load, begun, done = Load(), threading.Event(), threading.Event()

    async def customers() -> None:
        async with load:
            begun.set()
            await asyncio.to_thread(done.wait)

    with ThreadPoolExecutor(max_workers=1) as pool:
        asking = pool.submit(asyncio.run, customers())
        try:
            begun.wait()
            step(load)
        finally:
            done.set()
        asking.result()
    return load


# ---- the peers ---------------------------------------------------------------------------------------


@contextmanager
def ours(base: Path, generated: Path, built: dict[str, str], registry: str) -> Iterator[Peer]:
    """The generated server: Caddy as the edge, two colours, the release tool."""
    with server_in(base / "root", generated, built, registry) as server:
        server.configure(WATCH_SECONDS=3)  # it comes after the switch; a bad release is watched as by default
        yield Peer(
            f"richtfest {__version__}", lambda version: release(server, version), lambda: server.release("rollback")
        )


def release(server: Server, version: str) -> None:
    """Our tool says by its exit code that it went back by itself."""
    if version == BAD:
        server.configure(WATCH_SECONDS=60)
    server.release("deploy", version, expect=3 if version == BAD else 0)


@contextmanager
def kamal_proxy(base: Path, _: Path, built: dict[str, str], registry: str) -> Iterator[Peer]:
    """kamal-proxy in a container, with the steps and the timeouts of `kamal deploy` on the server."""
    name = "richtfest-bench-kamal"
    proxy = f"{name}-proxy"
    context = folder(base, name)
    shutil.copy(search.find("kamal-proxy"), context / "kamal-proxy")
    make_certificate(folder(context, "certificate"))
    (context / "Dockerfile").write_text(
        "FROM scratch\nENV HOME=/ XDG_RUNTIME_DIR=/\nCOPY certificate /certificate\n"
        'COPY kamal-proxy /usr/local/bin/kamal-proxy\nCMD ["kamal-proxy", "run"]\n'
    )
    options = ["--network", name, "--label", name, "--restart", "unless-stopped"]
    running: list[str] = []

    def boot(version: str) -> None:
        new = run_docker("run", "--detach", *options, built[version])
        run_docker(
            "exec", proxy, "kamal-proxy", "deploy", "shop-web", "--target", f"{new[:12]}:8000",
            # Its health check cannot say that a request came by HTTPS, as /healthz of the sample application wants.
            "--health-check-path", "/greeting", "--deploy-timeout", "30s", "--drain-timeout", "30s",
            "--host", "localhost", "--tls", "--tls-certificate-path", "/certificate/cert.pem",
            "--tls-private-key-path", "/certificate/key.pem", "--forward-headers",
        )  # fmt: skip
        if running:
            run_docker("stop", running.pop())
        running.append(new)

    def deploy(version: str) -> None:
        run_docker("pull", "--quiet", built[version])
        boot(version)

    def remove() -> None:
        if containers := run_docker("ps", "--all", "--quiet", "--filter", f"label={name}").split():
            run_docker("rm", "--force", "--volumes", *containers)
        if network := run_docker("network", "ls", "--quiet", "--filter", f"name=^{name}$"):
            run_docker("network", "rm", network)
        remove_images(name)

    remove()  # what a killed run may have left
    try:
        run_docker("build", "--quiet", "--tag", name, context)
        run_docker("network", "create", name)
        run_docker("run", "--detach", *options, "--name", proxy, "--publish", PUBLISHED, name)
        wait_until(lambda: ask()[0] or "refused" not in ask()[1], "kamal-proxy does not listen")
        yield Peer(f"kamal-proxy {tool('kamal-proxy').settings['go']['version']}", deploy, lambda: boot(FIRST))
    finally:
        remove()


@contextmanager
def compose(base: Path, generated: Path, built: dict[str, str], registry: str) -> Iterator[Peer]:
    """One service behind the same Caddy; `docker compose up -d` with another image replaces its container."""
    place = folder(base, "richtfest-bench-compose")
    caddy = yaml.safe_load((generated / "server/compose.yml").read_text())["services"]["edge"]["image"]
    edge = {"image": caddy, "ports": [PUBLISHED], "volumes": ["./edge:/etc/caddy:ro"]}
    application = {"image": "${IMAGE}", "restart": "unless-stopped"}
    (place / "compose.yml").write_text(yaml.safe_dump({"services": {"edge": edge, "app": application}}))
    folder(place, "edge").joinpath("Caddyfile").write_text(
        "{\n\tskip_install_trust\n}\nlocalhost {\n\treverse_proxy app:8000\n}\n"
    )

    def run(version: str, *arguments: str) -> None:
        (place / ".env").write_text(f"IMAGE={built[version]}\n")
        run_docker("compose", *arguments, folder=place)

    title = f"docker compose {run_docker('compose', 'version', '--short')}"
    try:
        yield Peer(title, lambda version: run(version, "up", "-d"), lambda: run(FIRST, "up", "-d"))
    finally:
        run(FIRST, "down", "--volumes", "--timeout", "1")


def folder(parent: Path, name: str) -> Path:
    """A new folder."""
    made = parent / name
    made.mkdir()
    return made


def make_certificate(place: Path) -> None:
    """A certificate for localhost, by the program that comes with Go."""
    go = search.find("go")
    root = subprocess.run([go, "env", "GOROOT"], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run(
        [go, "run", f"{root}/src/crypto/tls/generate_cert.go", "--host", "localhost"],
        cwd=place, capture_output=True, check=True,
    )  # fmt: skip


def remove_images(repository: str) -> None:
    """Every image of a repository."""
    if found := set(run_docker("images", "--quiet", "--filter", f"reference={repository}").split()):
        run_docker("rmi", "--force", *found)


# ---- the table ---------------------------------------------------------------------------------------


def report(figures: dict[str, Figures]) -> None:
    """One row per peer, ours first; ratios of the seconds to ours."""
    heads = ("", "failed, release", "to switch", "failed, rollback", "to switch", "exposed to a bad release")
    rows = [heads, *(row(title, found) for title, found in figures.items())]
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(heads))]
    print(
        f"\n{len(NEXT)} releases and manual rollbacks in turns, median seconds from the command to the first answer of"
        f" the new version;\nthe bad release fails 20 % of its requests, nobody acts, looked at for {PATIENCE} s;"
        f" {os.cpu_count()} cores\n"
    )
    for cells in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
    print()
    (_, first), *others = figures.items()
    for title, found in others:
        print(
            f"{title} takes {ratio(found.to_switch, first.to_switch)} times as long as ours to switch,"
            f" {ratio(found.to_switch_back, first.to_switch_back)} times as long to switch back"
        )


def row(title: str, found: Figures) -> tuple[str, ...]:
    """One line of the table."""
    seconds = found.bad.seconds(BAD)
    exposed = f"{seconds:.1f} s" if found.went_back else f"{seconds:.0f} s and on: never ends, until somebody acts"
    answers = found.bad.bodies[BAD]
    return (
        title,
        lost(found.releases),
        f"{statistics.median(found.to_switch):.2f} s",
        lost(found.ways_back),
        f"{statistics.median(found.to_switch_back):.2f} s",
        f"{exposed}; {found.bad.statuses[500]} of {answers} answers failed",
    )


def lost(loads: list[Load]) -> str:
    """Failed requests of all."""
    return f"{sum(load.failed for load in loads)} of {sum(load.total for load in loads)}"


def ratio(seconds: list[float], of: list[float]) -> str:
    """How many times as long."""
    return f"{statistics.median(seconds) / statistics.median(of):.2f}"


if __name__ == "__main__":
    main()
