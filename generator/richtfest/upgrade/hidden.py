"""Edits that git was told not to look at: no status shows them, and no merge knows them."""

import os
import shlex
from collections.abc import Iterable

from richtfest.upgrade.errors import Refused
from richtfest.upgrade.git import GitError, spoken
from richtfest.upgrade.merge import LINK, SUBMODULE
from richtfest.upgrade.project import Project


def require_none(project: Project, changes: Iterable[str]) -> None:
    """No edit would be lost that `git update-index --assume-unchanged` or `--skip-worktree` hides.

    Args:
        project: the team's repository.
        changes: paths that an update replaces, from the root of the git repository.

    Raises:
        Refused: naming the files, and the command that shows them to git again.
    """
    assumed, skipped = _flagged(project)
    # Giving up by `git reset --hard` replaces every file that is assumed to be unchanged, and none that is skipped.
    for option, paths in (("assume-unchanged", assumed), ("skip-worktree", skipped & set(changes))):
        there = [path for path in sorted(paths) if os.path.lexists(project.root / path)]
        if edited := [path for path in there if _is_edited(project, path)]:
            names = " ".join(shlex.quote(str(project.root / path)) for path in edited)
            raise Refused(
                f"edits that git was told not to look at would be lost, in {', '.join(edited)}: show them by "
                f"`{spoken(project.folder)} update-index --no-{option} {names}`, commit or stash them, then update"
            )
    if absent := sorted(path for path in skipped & set(changes) if not os.path.lexists(project.root / path)):
        raise Refused(
            f"{absent[0]} would change, and is left out of this sparse checkout: "
            f"`{spoken(project.folder)} sparse-checkout disable`, or update with --branch, which needs no checkout",
            absent[1:],
        )


def _flagged(project: Project) -> tuple[set[str], set[str]]:
    """Paths that are assumed to be unchanged, and those that are skipped."""
    told = [(line[0], line[2:]) for line in project.git.paths("ls-files", "-v", "-z")]
    return {path for flag, path in told if flag.islower()}, {path for flag, path in told if flag in "Ss"}


def _is_edited(project: Project, path: str) -> bool:
    """Whether what lies there is not what git's index says."""
    file = project.root / path
    try:
        mode, content, _ = project.git("ls-files", "--stage", "-z", "--", f":(literal){path}").decode().split(" ", 2)
        if mode == SUBMODULE:
            return False  # neither an update nor giving it up reaches into one
        if file.is_symlink() or mode == LINK:
            given = os.fsencode(file.readlink()) if file.is_symlink() else b""
            return project.git("hash-object", "--stdin", given=given).decode().strip() != content
        return project.git.text("hash-object", "--", str(file)) != content
    except (GitError, OSError):
        return True  # a folder, or what cannot be read
