"""An update that is killed leaves the tree as it was, or as it will be, or what the next run makes so.

RICHTFEST_KILLS=100 looks longer; 20 is for every day. Every second one hits the last step, which takes milliseconds:
as soon as one file of the team's tree has changed, whichever it is.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.update.released import CHANGED, REMOVED, git
from tests.update.repository import Repository, environment

KILLS = int(os.environ.get("RICHTFEST_KILLS", "20"))
CHANCE = random.SystemRandom()
OURS = "Ours: ask Ada first."


@pytest.fixture
def team(shop) -> Repository:
    """A repository with edits: one is merged, one is saved, one is a conflict, and a file is ignored."""
    shop.insert(CHANGED[0], OURS)
    shop.insert(REMOVED[0], OURS)
    shop.write("docs/second.md", OURS + "\n")
    shop.commit()
    shop.write("terraform/.terraform/state", OURS)
    return shop


def start(repository: Repository, errors: int = subprocess.DEVNULL) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "richtfest", "update", repository.path],
        env=environment(), stdout=subprocess.DEVNULL, stderr=errors, text=True,
    )  # fmt: skip


def until(happened: Callable[[], bool], process: subprocess.Popen, pause: float = 0.0005) -> None:
    while process.poll() is None and not happened():
        time.sleep(pause)


def kill_anywhere(process: subprocess.Popen, duration: float) -> None:
    """Kill it at a random moment of all its time."""
    time.sleep(CHANCE.random() * duration)
    process.send_signal(CHANCE.choice([signal.SIGKILL, signal.SIGTERM]))
    process.wait()


def kill_in_last_step(process: subprocess.Popen, repository: Repository, path: str) -> None:
    """Kill it as soon as it has put this file into the team's tree, or taken it away."""
    file = repository.path / path
    before = identity(file)
    until((repository.path / ".git/richtfest-update/journal.json").exists, process)
    until(lambda: identity(file) != before, process, pause=0)
    process.send_signal(signal.SIGKILL)  # another signal comes too late here
    process.wait()


def identity(file: Path) -> int:
    """Another number as soon as another file has the place; 0 for none."""
    try:
        return file.stat().st_ino
    except FileNotFoundError:
        return 0


@pytest.mark.usefixtures("kept_renderings")
def test_a_killed_update_leaves_the_old_tree_or_the_new_one_or_what_the_next_run_repairs(team, tmp_path):
    done = Repository(shutil.copytree(team.path, tmp_path / "done" / "shop", symlinks=True))
    begun = time.monotonic()
    start(done).wait()
    duration = time.monotonic() - begun
    before, after = team.state(), done.state()
    old, new = before["files"], after["files"]
    touched = [path for path in sorted(old | new) if old.get(path) != new.get(path)]
    assert len(touched) > 5
    seen: Counter[str] = Counter()
    for number in range(KILLS):
        repository = Repository(shutil.copytree(team.path, tmp_path / str(number) / "shop", symlinks=True))
        process = start(repository)
        if number % 2:
            kill_in_last_step(process, repository, CHANCE.choice(touched))
        else:
            kill_anywhere(process, duration)
        seen[what_is_left(repository, before, after)] += 1
        assert repository.state() == after
        shutil.rmtree(repository.path.parent)
    print(dict(seen))
    assert seen["as it was"] and seen["as it will be"], dict(seen)


def what_is_left(repository: Repository, before: dict, after: dict) -> str:
    """What a kill has left; in the end the same command has made it whole."""
    left = repository.state()
    if left == after:
        return "as it will be"
    half = left != before
    for path, (mode, content) in left["files"].items():
        assert (mode, content) in (before["files"].get(path), after["files"].get(path)), f"{path} is half written"
    if half and CHANCE.random() < 0.5 and not (repository.path / ".git/index.lock").exists():
        repository.git("reset", "--hard")
        assert repository.state() == before, "git itself takes it back, too"
    repository.update(code=3)
    return "half, repaired" if half else "as it was"


@pytest.mark.usefixtures("kept_renderings")
def test_what_was_written_after_an_interruption_is_kept_by_the_repair(team, monkeypatch):
    interrupt_after(4, monkeypatch)
    team.update(code=130)
    monkeypatch.undo()
    team.write("scripts/checks.sh", OURS)
    team.write(CHANGED[0], OURS)
    told = team.update(code=4)
    assert CHANGED[0] in told and "scripts/checks.sh" in told
    assert team.read(CHANGED[0]) == OURS and team.read("scripts/checks.sh") == OURS
    assert set(team.status()) == {CHANGED[0], "scripts/checks.sh"}, "all else is as it was"


@pytest.mark.usefixtures("kept_renderings")
def test_an_interrupted_update_is_told_when_it_was_taken_back(team, monkeypatch):
    interrupt_after(4, monkeypatch)
    team.update(code=130)
    monkeypatch.undo()
    assert "interrupted has been taken back first" in team.update(code=3)


def interrupt_after(files: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop as if by a kill: after some files have been moved, with nothing tidied up."""
    from richtfest.upgrade import transfer

    moved = []

    def put(new: Path, target: Path) -> None:
        if len(moved) == files:
            raise KeyboardInterrupt
        moved.append(target)
        new.replace(target)

    monkeypatch.setattr(transfer, "_put", put)
    monkeypatch.setattr(transfer, "_leave", lambda place: None)


@pytest.mark.usefixtures("kept_renderings")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_nothing_behind_and_says_so(team, tmp_path, monkeypatch, number):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    before = team.state()
    process = start(team, errors=subprocess.PIPE)
    until(lambda: any((tmp_path / "temporary").iterdir()), process)
    time.sleep(0.3)
    process.send_signal(number)
    assert process.communicate()[1] == "Interrupted: the repository is as it was.\n"
    assert process.returncode == 130
    assert team.state() == before
    assert list((tmp_path / "temporary").iterdir()) == [], "also what a git wrote that the signal did not reach"
    assert git(team.path, "worktree", "list").count("\n") == 1
