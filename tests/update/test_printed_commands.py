"""Every command that an update prints works as it stands, from the folder in which it was printed."""

import shlex
import subprocess

import pytest

from tests.update.released import CHANGED, SECOND, git
from tests.update.repository import Repository, environment, generate

pytestmark = pytest.mark.usefixtures("kept_renderings")

OURS = "Ours: ask Ada first."


def run(command: str) -> None:
    """Run a printed command as the reader's shell would, in the working directory of this process."""
    done = subprocess.run(["sh", "-c", command], env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> Repository:
    """Another repository, with work that is not committed; the reader stands in it."""
    other = Repository(tmp_path / "an other")
    other.write("work.txt", "committed\n")
    other.git("init", "--quiet", "--initial-branch", "main")
    other.commit()
    other.write("work.txt", "not committed\n")
    monkeypatch.chdir(other.path)
    return other


@pytest.mark.parametrize("arguments", [(), ("--branch", "newer")])
def test_giving_up_from_another_repository_touches_only_the_updated_one(shop, elsewhere, arguments):
    before, mine = shop.state(), elsewhere.state()
    told = shop.update_json(*arguments)
    assert shop.state() != before
    run(told["give_up"])
    assert (shop.state(), elsewhere.state()) == (before, mine)


def test_giving_up_in_one_folder_of_a_repository_leaves_the_other_folders(template, tmp_path, monkeypatch):
    shop = generate(template, tmp_path / "the company", subfolder="teams/shop")
    (shop.path / "other.txt").write_text("committed\n")
    shop.commit()
    (shop.path / "other.txt").write_text("being edited\n")
    before = shop.state()
    monkeypatch.chdir(shop.path)
    run(shop.update_json()["give_up"])
    assert shop.state() == before


def test_each_printed_command_names_the_repository_unless_the_reader_stands_in_it(shop, monkeypatch):
    shop.write("docs/second.md", OURS + "\n")
    (shop.path / CHANGED[0]).write_bytes(b"\0\1")
    shop.commit()
    told = shop.update(code=3)
    assert told.count("git -C ") == told.count("git ") == 4, told
    shop.git("reset", "--quiet", "--hard")
    monkeypatch.chdir(shop.path)
    told = shop.update(code=3)
    assert "git -C" not in told and "Give up, as if nothing had been: git reset --hard" in told


def test_the_printed_commit_has_a_message(shop, elsewhere):
    told = shop.update()
    (command,) = [word for word in told.split("`") if " commit " in word]
    assert shlex.split(command)[-2] == "-m"
    run(command)
    assert SECOND in git(shop.path, "log", "-1", "--format=%s") and shop.status() == {}
