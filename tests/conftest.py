"""The conventions of all suites: a test is marked by its folder, runs only with the tools that it needs, and says
so when it cannot. With RICHTFEST_REQUIRE=all a missing tool is a failure."""

import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.suites import Suite, missing, suite_of, suites
from tests.toolbox import images, search
from tests.toolbox.catalogue import environment

REQUIRE_ALL = os.environ.get("RICHTFEST_REQUIRE") == "all"


def pytest_configure(config: pytest.Config) -> None:
    """One marker per suite, and the tools of the toolbox first on PATH."""
    os.environ.update(environment())
    for suite in suites().values():
        config.addinivalue_line("markers", f"{suite.name}: {suite.purpose}")
    config.addinivalue_line("markers", "needs(*tools): needs these tools besides those of its suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test by the folder that it is in."""
    for item in items:
        if suite := suite_of(item.path):
            item.add_marker(suite.name)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Run a test only when its tools are there."""
    suite = suite_of(item.path)
    wanted = list(suite.tools) if suite else []
    for mark in item.iter_markers("needs"):
        wanted += mark.args
    if reason := missing(tuple(wanted)):
        if REQUIRE_ALL:
            pytest.fail(f"RICHTFEST_REQUIRE=all: {reason}", pytrace=False)
        pytest.skip(reason)


def pytest_terminal_summary(terminalreporter) -> None:
    """Every suite in one line: what ran, what could not and why."""
    outcomes: dict[str, dict[str, int]] = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            suite = suite_of(Path(terminalreporter.startpath / report.nodeid.split("::")[0]))
            if suite:
                counts = outcomes.setdefault(suite.name, {})
                counts[outcome] = counts.get(outcome, 0) + 1
    terminalreporter.section("suites")
    for name, counts in outcomes.items():
        terminalreporter.write_line(f"{name:12} {_state(suites()[name], counts)}")


def _state(suite: Suite, counts: dict[str, int]) -> str:
    lacking = missing((*suite.tools, *suite.uses))
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) + (f"; {lacking}" if lacking else "")


@pytest.fixture(scope="session")
def toolbox() -> Callable[[str], str]:
    """The path of a tool by its name: toolbox("terraform"), toolbox("tofu"), toolbox("promtool")."""
    return lambda name: str(search.find(name))


@pytest.fixture(scope="session")
def terraform_environment() -> dict[str, str]:
    """The environment for Terraform and OpenTofu: the mirror of providers, no calls home, no credentials."""
    told = os.environ | environment() | {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    secrets = ("HCLOUD_", "SCW_", "OS_", "AWS_", "TF_VAR_")
    return {name: value for name, value in told.items() if not name.startswith(secrets)}


@pytest.fixture(scope="session")
def docker() -> Callable[..., str]:
    """Docker's client: docker("ps", "--quiet") gives what it prints, and fails the test when it fails."""
    return run_docker


def run_docker(*arguments: str | Path, folder: Path | None = None, timeout: float = 600) -> str:
    """Docker's client, also for what is no test."""
    done = subprocess.run(
        [search.find("docker"), *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,  # build and compose read it
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, f"docker {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}"
    return done.stdout.strip()


@pytest.fixture(scope="session")
def base_image() -> Callable[[str], str]:
    """Have an image here, pulled or as a stand-in: base_image("caddy:2.11"). Gives the name without a digest."""
    return images.ensure


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A container registry on loopback, as `127.0.0.1:port`: Docker pushes to it and pulls digests from it."""
    with registry_in(tmp_path_factory.mktemp("registry")) as address:
        yield address


@contextmanager
def registry_in(folder: Path) -> Iterator[str]:
    """A container registry that keeps what it has in a folder."""
    address = f"127.0.0.1:{free_port()}"
    settings = folder / "config.yml"
    settings.write_text(
        f"version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {folder / 'data'}\n  delete: {{enabled: true}}\n"
        f"http:\n  addr: {address}\n",
        "utf-8",
    )
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([search.find("docker-registry"), "serve", settings], stdout=log, stderr=log)
    try:
        _wait_for(f"http://{address}/v2/")
        yield address
    finally:
        server.terminate()
        server.wait(10)
        _forget_images(address)


def _forget_images(address: str) -> None:
    """Remove what Docker has under names of a registry that is gone: it would fill the disk, run by run."""
    names = run_docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter", f"reference={address}/*/*")
    if names:
        run_docker("image", "rm", "--force", *names.split())


def _wait_for(url: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - loopback
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
