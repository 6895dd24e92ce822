"""Brings one tool onto this machine, in the way that tools.toml names."""

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.toolbox import docker, golang, images, providers, search
from tests.toolbox.catalogue import HERE, Tool, Unavailable, cache_folder, environment, made, stamp, tool, which
from tests.toolbox.images import stand_in
from tests.toolbox.shell import run


def prepare(names: list[str]) -> dict[str, str]:
    """Have these tools; gives back the reasons for those that cannot be had."""
    os.environ.update(environment())
    with _alone():
        _apt([name for name in names if "apt" in tool(name).settings and not _is_here(name)])
        return {name: reason for name in names if (reason := _prepare(name))}


def _prepare(name: str) -> str:
    """Have one tool and say what happened; gives back the reason if it cannot be had."""
    print(f"  {name:18} ", end="", flush=True)
    begin = time.monotonic()
    try:
        was_here = have(name)
    except (Unavailable, OSError) as reason:
        print(f"NOT TO BE HAD: {reason}", flush=True)
        return str(reason)
    print(search.find(name), "" if was_here else f"(made in {time.monotonic() - begin:.0f} s)", flush=True)
    return ""


def have(name: str) -> bool:
    """Make a tool unless it is here; True when nothing was to be done."""
    if _is_here(name):
        return True
    _make(tool(name))
    search.forget()
    search.find(name)
    return False


def _is_here(name: str) -> bool:
    try:
        search.find(name)
    except Unavailable:
        return False
    return True


def _make(entry: Tool) -> None:
    """The tool's own way."""
    if "apt" in entry.settings:
        _apt([entry.name])
    if "go" in entry.settings:
        have("go")
        golang.build(entry.name, entry.settings["go"], made(entry.name))
    elif "provider" in entry.settings:
        have("go")
        providers.build(entry)
    elif "wheel" in entry.settings:
        _wheel(entry)
    elif "npm" in entry.settings:
        have("node")
        _npm(entry)
    elif "special" in entry.settings:
        {"docker": docker.start, "compose": docker.link_compose, "images": _images}[entry.settings["special"]]()
    elif "venv" in entry.settings:
        raise Unavailable("it comes with the virtual environment: make venv")
    stamp(entry.name).parent.mkdir(parents=True, exist_ok=True)
    stamp(entry.name).write_text(entry.pin, "utf-8")


def _images() -> None:
    """Pull or make every image that the templates name."""
    have("docker")
    for name in images.missing():
        if not images.pull(name):
            for needed in stand_in.needs(name):
                have(needed)
            stand_in.make(name)


def _wheel(entry: Tool) -> None:
    """A virtual environment of its own, from a lock file with hashes; the executable is linked."""
    pin, folder = entry.settings["wheel"], cache_folder() / "wheels" / entry.name
    shutil.rmtree(folder, ignore_errors=True)
    run(entry.name, [sys.executable, "-m", "venv", folder])
    lock = HERE / "wheels" / pin["file"]
    run(entry.name, [folder / "bin" / "pip", "install", "--quiet", "--require-hashes", "--requirement", lock])
    program = next(folder.glob(pin["executable"]), None)
    if not program:
        raise Unavailable(f"{pin['file']} does not bring {pin['executable']}")
    made(entry.name).parent.mkdir(parents=True, exist_ok=True)
    made(entry.name).unlink(missing_ok=True)
    made(entry.name).symlink_to(program)


def _npm(entry: Tool) -> None:
    """A program of Node, from a lock file with checksums; no script of a package runs."""
    name, folder = entry.settings["npm"], cache_folder() / "npm" / entry.name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "npm" / name, folder)
    npm = which("npm")
    if not npm:
        raise Unavailable("npm is not installed")
    run(entry.name, [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder=folder)
    made(entry.name).parent.mkdir(parents=True, exist_ok=True)
    made(entry.name).unlink(missing_ok=True)
    made(entry.name).symlink_to(folder / "node_modules" / ".bin" / name)


def _apt(names: list[str]) -> None:
    """Debian's packages of several tools at once; without root or apt the search says what is missing."""
    wanted = [tool(name).settings for name in names]
    packages = [package for told in wanted if not which(told.get("unless", "")) for package in told["apt"]]
    if not packages or not which("apt-get") or os.geteuid() != 0:
        return
    print(f"  installing Debian's {', '.join(packages)}", flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    lock = ["-o", "DPkg::Lock::Timeout=300"]
    try:
        run("apt", ["apt-get", *lock, "update"], environment=quiet)
        run("apt", ["apt-get", *lock, "install", "--yes", "--no-install-recommends", *packages], environment=quiet)
    except Unavailable as reason:
        print(f"  {reason}", flush=True)
    search.forget()


@contextmanager
def _alone() -> Iterator[None]:
    """One preparation at a time: another process that prepares is waited for."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    with (cache_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
