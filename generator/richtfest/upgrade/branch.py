"""The outcome of a merge as a commit on a branch of its own; the team's checkout is not touched."""

from pathlib import Path

from richtfest.upgrade.errors import Refused
from richtfest.upgrade.git import Git, GitError, spoken
from richtfest.upgrade.merge import Merged, Workshop, index_info
from richtfest.upgrade.project import Project
from richtfest.upgrade.transfer import changed, hand_over


def require_free(project: Project, branch: str) -> None:
    """The branch can be made, and git knows who commits.

    Raises:
        Refused: it is there already, git takes no such name, or it does not know whose name a commit gets.
    """
    if not project.git.succeeds("check-ref-format", "--branch", branch):
        raise Refused(f"{branch!r} is no name for a branch")
    if project.git.succeeds("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"):
        raise Refused(
            f"there is a branch {branch} already: name another one, or delete it with "
            f"`{spoken(project.folder)} branch -D {branch}`"
        )
    if not project.git.succeeds("var", "GIT_COMMITTER_IDENT"):
        raise Refused("git does not know whose name a commit gets: git config --global user.name and user.email")


def commit(merged: Merged, workshop: Workshop, branch: str, message: str, place: Path) -> str:
    """Commit what came out, with markers where it is not settled, and return the commit.

    Raises:
        Refused: git could not.
    """
    project = workshop.project
    try:
        hand_over(merged, workshop)
        git = Git(project.root, GIT_INDEX_FILE=str(place / "branch-index"))
        git("read-tree", project.head)
        git("update-index", "-z", "--index-info", given=_changes(merged))
        made = git("commit-tree", "-p", project.head, "-F", "-", git.text("write-tree"), given=message.encode())
        told = made.decode().strip()
        project.git("update-ref", "-m", "richtfest update", f"refs/heads/{branch}", told, "0" * len(told))
    except GitError as error:
        raise Refused(f"the branch {branch} cannot be made: {error}") from error
    return told


def _changes(merged: Merged) -> bytes:
    changes = changed(merged.before, merged.after)
    return index_info({path: merged.after.get(path) for path in changes})
