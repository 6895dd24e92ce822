"""The team's repository: its answers, and whether it is in a state that can be updated."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from richtfest.generate import ANSWERS_FILE
from richtfest.upgrade.errors import Refused
from richtfest.upgrade.git import Git, GitError, spoken

UNFINISHED = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
LISTED = 8


@dataclass(frozen=True)
class Project:
    """A generated repository; `folder` holds its answers file, `root` is the root of the git repository around it."""

    folder: Path
    root: Path
    git: Git

    @cached_property
    def subfolder(self) -> str:
        """Where the answers file is inside the git repository; "" for its root, else with a slash at the end."""
        inside = self.folder.relative_to(self.root).as_posix()
        return "" if inside == "." else inside + "/"

    @cached_property
    def head(self) -> str:
        """The commit that is checked out.

        Raises:
            Refused: nothing was committed yet.
        """
        try:
            return self.git.text("rev-parse", "--verify", "HEAD^{commit}")
        except GitError as error:
            raise Refused(f"nothing is committed in {self.root} yet: commit first, then update") from error

    @cached_property
    def recorded(self) -> dict[str, Any]:
        """What the committed answers file says, with `_commit` and `_src_path`.

        Raises:
            Refused: it is missing, broken, or does not say where it comes from.
        """
        file = self.folder / ANSWERS_FILE
        try:
            recorded = yaml.safe_load(self.answers_text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f" at line {mark.line + 1}" if mark else ""
            raise Refused(
                f"{file} is no valid YAML{where}: `git log -p {ANSWERS_FILE}` shows who changed it"
            ) from error
        if not isinstance(recorded, dict) or not all(recorded.get(name) for name in ("_commit", "_src_path")):
            raise Refused(f"{file} does not say which version of which template made this: _commit and _src_path")
        return recorded

    @cached_property
    def answers_text(self) -> str:
        """The committed answers file.

        Raises:
            Refused: there is none.
        """
        try:
            return self.git("show", f"{self.head}:{self.subfolder}{ANSWERS_FILE}").decode("utf-8")
        except GitError as error:
            above = [folder for folder in self.folder.parents if folder.is_relative_to(self.root)]
            if there := next((folder for folder in above if (folder / ANSWERS_FILE).is_file()), None):
                raise Refused(f"{self.folder} holds no {ANSWERS_FILE}, but {there} above it does: name that") from error
            raise Refused(
                f"{self.folder} holds no {ANSWERS_FILE} that is committed: only what was made by `richtfest new` or "
                "`copier copy` can be updated"
            ) from error
        except UnicodeDecodeError as error:
            raise Refused(f"{self.folder / ANSWERS_FILE} is no text in UTF-8") from error

    @property
    def answers(self) -> dict[str, Any]:
        """The recorded answers alone."""
        return {name: value for name, value in self.recorded.items() if not name.startswith("_")}

    @property
    def answers_file(self) -> Path:
        """Where the answers are."""
        return self.folder / ANSWERS_FILE

    def answers_changed_by_hand(self) -> dict[str, tuple[Any, Any]]:
        """Answers that the last commit of the answers file has changed while it changed nothing else: name to before
        and after. Copier would have changed files with them."""
        file = self.subfolder + ANSWERS_FILE
        last = self.git.text("log", "-1", "--format=%H", self.head, "--", file)
        changed = self.git.paths("diff-tree", "-r", "-z", "--no-commit-id", "--name-only", last)
        if changed != [file]:
            return {}
        try:
            before = yaml.safe_load(self.git("show", f"{last}^:{file}"))
        except (GitError, yaml.YAMLError):
            return {}  # it was made or mended by that commit
        if not isinstance(before, dict) or before.get("_commit") != self.recorded["_commit"]:
            return {}
        return {name: (before[name], value) for name, value in self.answers.items() if before.get(name, value) != value}

    @property
    def language(self) -> str:
        """en or de."""
        return "de" if self.recorded.get("language") == "de" else "en"

    def require_clean(self) -> None:
        """Nothing is uncommitted, and git is in the middle of nothing.

        Raises:
            Refused: naming what is in the way.
        """
        for name, what in UNFINISHED.items():
            if (self.root / self.git.text("rev-parse", "--git-path", name)).exists():
                raise Refused(f"{what} is in progress in {self.root}: finish or abort it, then update")
        # No renames: each entry is one path.
        found = self.git.paths("status", "--porcelain", "-z", "--no-renames", "--", str(self.folder))
        if found and (version := self._staged_version()):
            git = spoken(self.folder)
            raise Refused(
                f"an update to {version} is staged in {self.folder} already: finish it with `{git} add` and "
                f"`{git} commit`, or give it up with `{self.give_up}`"
            )
        if found:
            more = [f"and {len(found) - LISTED} more"] if len(found) > LISTED else []
            raise Refused(
                f"{self.folder} has changes that are not committed: commit or stash them, then update",
                [*found[:LISTED], *more],
            )

    def _staged_version(self) -> str | None:
        """The version of an update that git's index holds and no commit yet; None: there is none."""
        try:
            staged = yaml.safe_load(self.git("show", f":{self.subfolder}{ANSWERS_FILE}"))
        except (GitError, yaml.YAMLError):
            return None
        version = staged.get("_commit") if isinstance(staged, dict) else None
        return None if version == self.recorded["_commit"] else version

    @property
    def give_up(self) -> str:
        """The command that takes back an update that is not committed: the tree was clean before."""
        git = spoken(self.folder)
        if self.subfolder:
            return f"{git} restore --source=HEAD --staged --worktree ."
        return f"{git} reset --hard"

    def private(self, name: str) -> Path:
        """A place of ours inside the git folder of this checkout."""
        return self.root / self.git.text("rev-parse", "--git-path", name)


def open_project(folder: Path) -> Project:
    """Find the git repository around a folder.

    Raises:
        Refused: there is none, or the folder is no folder.
    """
    if not folder.is_dir():
        raise Refused(f"{folder} is no folder")
    folder = folder.resolve()
    try:
        root = Path(os.fsdecode(Git(folder)("rev-parse", "--show-toplevel").removesuffix(b"\n"))).resolve()
    except GitError as error:
        if not (folder / ANSWERS_FILE).is_file():
            raise Refused(
                f"{folder} is no repository made by Richtfest: it holds no {ANSWERS_FILE}, and is no git repository"
            ) from error
        git = spoken(folder)
        raise Refused(
            f"{folder} is no git repository: an update needs one, to know what is yours "
            f"(`{git} init -b main && {git} add -A && {git} commit`)"
        ) from error
    return Project(folder, root, Git(root))
