"""`richtfest new` is killed at moments spread over its whole run, by three signals, in a new folder and in one that
holds an application. Afterwards there is nothing or everything; what SIGKILL leaves half way, the next run undoes."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import pytest

from richtfest.scratch import MARK_TEXT, scratch_in
from tests.hostile.installed import install, start, tree

KILLS = int(os.environ.get("RICHTFEST_KILLS", "30"))
"""How many runs are killed. CPUSECONDS."""

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]
PLACES = ["new", "application"]
MOMENTS = [
    (number, place, sent)
    for number, (place, sent) in zip(range(KILLS), list(product(PLACES, SIGNALS)) * KILLS, strict=False)
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return install(tmp_path_factory.mktemp("installed"))


@pytest.fixture(scope="module")
def complete(environment, tmp_path_factory):
    """What uninterrupted runs write, by the place, and how long the longest takes."""
    told, seconds = {}, 0.0
    for place in PLACES:
        destination = prepare(tmp_path_factory.mktemp(place), place)
        begin = time.monotonic()
        process = start(destination, environment)
        _, stderr = process.communicate(timeout=60)
        seconds = max(seconds, time.monotonic() - begin)
        assert process.returncode == 0, stderr
        told[place] = tree(destination)
    return told, seconds


def prepare(folder: Path, place: str) -> Path:
    destination = folder / "shop"
    if place == "application":
        (destination / "app").mkdir(parents=True)
        (destination / "app" / "main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
        (destination / "requirements.txt").write_text("fastapi\n")
        (destination / "scripts").mkdir()
        (destination / "scripts" / "ours.sh").write_text("true\n")
    return destination


def kill(process, sent: signal.Signals) -> str:
    """A terminal sends Ctrl-C to the whole group; everybody else means one process."""
    if process.poll() is None:
        (os.killpg if sent == signal.SIGINT else os.kill)(process.pid, sent)
    return process.communicate(timeout=60)[1]


@pytest.mark.parametrize(("number", "place", "sent"), MOMENTS, ids=lambda value: getattr(value, "name", str(value)))
def test_a_killed_run_leaves_nothing_or_everything(number, place, sent, environment, complete, tmp_path):
    everything, seconds = complete
    destination = prepare(tmp_path, place)
    nothing = tree(destination)
    chance = random.Random(number)  # noqa: S311 - repeatable, not secret
    moment = seconds * (number + chance.random()) / KILLS

    process = start(destination, environment)
    time.sleep(moment)
    stderr = kill(process, sent)

    left = tree(destination)
    scratch = list(tmp_path.rglob(".richtfest-*"))
    if sent != signal.SIGKILL:
        assert left in (nothing, everything[place]), f"half written after {moment:.2f} s"
        assert not scratch
        assert "Traceback" not in stderr or moment < seconds / 4, stderr  # Python itself, before the command begins
    elif left not in (nothing, everything[place]):
        assert scratch, "nobody would find what is half written"
    if left not in (nothing, everything[place]) or scratch:
        assert_the_next_run_completes(destination, environment, nothing, everything[place])


def assert_the_next_run_completes(destination, environment, nothing, everything):
    complete_before = tree(destination) == everything
    process = start(destination, environment)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 0 or (complete_before and "generated before" in stderr), stderr
    after = tree(destination)
    assert after == everything
    assert {name: after[name] for name in nothing} == nothing
    assert not list(destination.parent.rglob(".richtfest-*"))


@pytest.mark.parametrize("moved", [0, 1, 40, "all"])
def test_sigkill_between_two_moves_is_undone_by_the_next_run(moved, environment, complete, tmp_path):
    """A kill by the clock hardly ever meets the milliseconds of the moves: here the process kills itself there."""
    everything, _ = complete
    destination = prepare(tmp_path, "application")
    nothing = tree(destination)
    added = len(everything["application"]) - len(nothing)
    die_after = added if moved == "all" else moved

    code = f"""
import os, signal
from pathlib import Path
from richtfest import moving
from richtfest.cli import main
rename, moved = Path.rename, []
def counted(source, target):
    if len(moved) == {die_after}:
        os.kill(os.getpid(), signal.SIGKILL)
    moved.append(target)
    return rename(source, target)
def unlink(path, missing_ok=False):
    os.kill(os.getpid(), signal.SIGKILL)
Path.rename = counted
if {moved == "all"}:
    Path.unlink = unlink  # the journal's end
import sys
sys.argv = ["richtfest", "new", {str(destination)!r}, "--defaults"]
main()
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr
    assert len(tree(destination)) == len(nothing) + die_after
    assert list(destination.glob(".richtfest-*/journal.json"))
    assert_the_next_run_completes(destination, environment, nothing, everything["application"])


def test_what_was_changed_after_the_kill_is_kept(environment, tmp_path):
    """Undoing takes away what the killed run wrote, never what somebody wrote since."""
    destination = prepare(tmp_path, "application")
    scratch = destination / ".richtfest-0123abcd"
    (scratch / "shop").mkdir(parents=True)
    (scratch / ".gitignore").write_text(MARK_TEXT)
    (scratch / "shop" / "waiting").write_text("")
    for name in ("ours", "theirs"):
        (destination / name).write_text("as moved\n")
    digest = hashlib.sha256(b"as moved\n").hexdigest()
    outside = tmp_path / "outside"
    outside.write_text("as moved\n")
    files = {"waiting": digest, "ours": digest, "theirs": digest, "../outside": digest}
    (scratch / "journal.json").write_text(json.dumps({"rendered": "shop", "folders": [], "files": files}))
    (destination / "ours").write_text("edited\n")

    process = start(destination, environment)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 0 and "its 1 files were taken away" in stderr
    assert (destination / "ours").read_text() == "edited\n"
    assert not (destination / "theirs").exists() and not scratch.exists()
    assert outside.exists(), "a journal says nothing about other places"


def test_the_scratch_folder_of_a_run_that_lives_is_left_alone(environment, tmp_path):
    with scratch_in(tmp_path) as scratch:
        assert start(tmp_path / "shop", environment).communicate(timeout=60)
        assert scratch.is_dir()
    assert not list(tmp_path.glob(".richtfest-*"))
