"""Whatever the team has done to the generated files: no line of it is lost by an update, and none is half done.

RICHTFEST_EXAMPLES=1000 looks longer; 100 is for every day.
"""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from richtfest.upgrade import Updated, update
from tests.update.hostile import MARK, Team, edits
from tests.update.released import FIRST, SECOND
from tests.update.repository import Repository

EXAMPLES = int(os.environ.get("RICHTFEST_EXAMPLES", "100"))
pytestmark = pytest.mark.usefixtures("kept_renderings")


@pytest.fixture(scope="module")
def paths(pristine) -> list[str]:
    return [path for path in pristine.git("ls-files").splitlines() if path != ".copier-answers.yml"]


def test_no_line_of_the_team_is_lost_and_no_tree_is_half_updated(pristine, paths, tmp_path_factory):
    base = tmp_path_factory.mktemp("hostile")
    number = 0

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # an example is six edits at most: nothing to shrink that would be worth the minutes
    )  # fmt: skip
    @given(st.data())
    def one_team(data):
        nonlocal number
        what_they_do = data.draw(edits(paths))
        number += 1
        repository = Repository(shutil.copytree(pristine.path, base / f"{number}" / "shop", symlinks=True))
        team = Team(repository)
        for edit in what_they_do:
            team.do(edit)
        repository.commit()
        # Ignored by this clone, for the team may have deleted .gitignore.
        repository.write(".git/info/exclude", "/.venv/\n")
        repository.write(".venv/state", "ignored")
        hold_the_promise(repository)
        shutil.rmtree(base / f"{number}")

    one_team()


def hold_the_promise(repository: Repository) -> None:
    before = repository.state()
    written = lines_of_the_team(repository)
    outcome = update(repository.folder)
    assert (outcome.from_version, outcome.to_version) == (FIRST, SECOND)
    assert lost(repository, outcome, written) == {}
    assert f"_commit: {SECOND}\n" in repository.read(".copier-answers.yml")
    unmerged = set(repository.git("diff", "--name-only", "--diff-filter=U").splitlines())
    assert {unquoted(path) for path in unmerged} == {conflict.path for conflict in outcome.conflicts}
    unstaged = set(repository.git("diff-files", "--name-only").splitlines())
    assert unstaged == unmerged, "what is not in conflict is staged as it is"
    assert repository.git("ls-files", "--others", "--exclude-standard") == ""
    repository.git(*outcome.give_up.split()[1:])
    assert unconverted(repository.state()) == unconverted(before), "giving up leaves the tree as it was"


def unconverted(state: dict) -> dict:
    """A state without what git converts: a file whose endings it changes on commit comes back with those."""
    files = {path: (mode, content.replace(b"\r\n", b"\n")) for path, (mode, content) in state["files"].items()}
    return state | {"files": files}


def lines_of_the_team(repository: Repository) -> dict[str, set[bytes]]:
    """The lines with a mark that are committed, and links, by path."""
    written = {}
    for path in files(repository):
        content = content_of(repository.folder / path)
        lines = {line.strip() for line in content.splitlines() if MARK in line}
        if (repository.folder / path).is_symlink():
            lines.add(content)
        if lines:
            written[path] = lines
    return written


def lost(repository: Repository, outcome: Updated, written: dict[str, set[bytes]]) -> dict[str, set[bytes]]:
    """The lines that are in none of the places that the report names for their file."""
    found = {}
    for path, lines in written.items():
        places = [path, outcome.renamed.get(path), *(saved.place for saved in outcome.saved if saved.path == path)]
        there = set()
        for place in places:
            if place and os.path.lexists(repository.folder / place) and not is_folder(repository.folder / place):
                content = content_of(repository.folder / place)
                there |= {content, *(line.strip() for line in content.splitlines())}
        if lines - there:
            found[path] = lines - there
    return found


def files(repository: Repository) -> list[str]:
    return [path for path in repository.git("ls-files", "-z").split("\0") if path]


def content_of(file: Path) -> bytes:
    return os.fsencode(file.readlink()) if file.is_symlink() else file.read_bytes()


def is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def unquoted(path: str) -> str:
    return path.strip('"')
