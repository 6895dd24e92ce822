"""The merge of three trees by git: what the template was, what the team has made of it, what the template is now.

It happens in a git repository of its own that borrows the objects of the team's, so the team's is only read.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from richtfest.generate import ANSWERS_FILE
from richtfest.upgrade.errors import Refused
from richtfest.upgrade.git import Git, GitError
from richtfest.upgrade.project import Project
from richtfest.upgrade.rendering import Rendering
from richtfest.upgrade.result import Conflict

LINK, SUBMODULE = "120000", "160000"
SETTINGS = (
    "core.autocrlf=false", "core.safecrlf=false", "core.fsmonitor=false", "core.hooksPath=" + os.devnull,
    "core.quotePath=false", "core.longpaths=true", "core.untrackedCache=false",
    "gc.auto=0", "maintenance.auto=false", "rerere.enabled=false", "commit.gpgSign=false", "advice.detachedHead=false",
    "merge.renames=true", "merge.directoryRenames=false", "merge.renameLimit=400", "merge.verifySignatures=false",
)  # fmt: skip
UNCONVERTED = "* -text -filter -ident -working-tree-encoding\n"
"""Bytes go through as they are committed; line endings are converted when files reach the team's tree."""
SOMEBODY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in {"NAME": "Richtfest", "EMAIL": "richtfest@localhost", "DATE": "2000-01-01T00:00:00Z"}.items()
}


@dataclass(frozen=True)
class Entry:
    """What git knows of a file: its mode and the name of its content."""

    mode: str
    content: str


Tree = dict[str, Entry]
"""Files by their path from the root of the git repository."""


@dataclass
class Merged:
    """A merge: the files that come out of it, with markers where it is not settled.

    Attributes:
        before: the team's files.
        was: what the template made at the version that is recorded.
        now: what it makes at the new one.
        after: what comes out.
        renamed: what the new version calls otherwise than the recorded one: old name to new.
        stages: for git's index, of each path that is not settled: its base (1), the team's (2), the template's (3).
        conflicts: what is not settled.
        kept_deleted: what the team had deleted and the template has changed.
    """

    before: Tree
    was: Tree
    now: Tree
    after: Tree = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    stages: dict[str, dict[int, Entry]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    kept_deleted: list[str] = field(default_factory=list)


def index_of(git: Git, *where: str, **environment: str) -> dict[str, dict[int, Entry]]:
    """The entries of an index of git by path and stage."""
    found: dict[str, dict[int, Entry]] = {}
    for line in git.paths(*where, "ls-files", "--stage", "-z", **environment):
        told, _, path = line.partition("\t")
        mode, content, stage = told.split(" ")
        found.setdefault(path, {})[int(stage)] = Entry(mode, content)
    return found


class Workshop:
    """A git repository beside the team's, in which trees are made and merged."""

    def __init__(self, place: Path, project: Project):
        """Make the repository in a new folder."""
        self.project = project
        self.folder = place
        place.mkdir(parents=True)
        self.git = Git(place, *SETTINGS, **SOMEBODY)
        self.git("init", "--quiet", "--template=", ".")
        objects = project.root / project.git.text("rev-parse", "--git-path", "objects")
        info = place / ".git" / "info"
        info.mkdir(exist_ok=True)
        (info / "attributes").write_text(UNCONVERTED)
        (place / ".git" / "objects" / "info" / "alternates").write_bytes(os.fsencode(objects.resolve()) + b"\n")

    def committed(self, commit: str) -> Tree:
        """The files of a commit of the team."""
        found: Tree = {}
        for line in self.git("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
            if line:
                told, _, path = line.partition(b"\t")
                mode, _, content = told.decode().split(" ")
                found[os.fsdecode(path)] = Entry(mode, content)
        return found

    def take_in(self, root: Path) -> Tree:
        """The files below a folder, stored in this repository."""
        index = {"GIT_INDEX_FILE": str(self.folder / ".git" / "taking-in"), "GIT_WORK_TREE": str(root)}
        (self.folder / ".git" / "taking-in").unlink(missing_ok=True)
        self.git("--git-dir", str(self.folder / ".git"), "add", "--all", "--force", "--", str(root), **index)
        return {path: stages[0] for path, stages in self._index(**index).items()}

    def _index(self, **environment: str) -> dict[str, dict[int, Entry]]:
        """The entries of an index by path and stage."""
        return index_of(self.git, "--git-dir", str(self.folder / ".git"), **environment)

    def tree(self, files: Tree) -> str:
        """Store a tree and return its name."""
        index = {"GIT_INDEX_FILE": str(self.folder / ".git" / "tree")}
        (self.folder / ".git" / "tree").unlink(missing_ok=True)
        self.git("update-index", "-z", "--index-info", given=index_info(files), **index)
        return self.git.text("write-tree", "--missing-ok", **index)

    def commit(self, tree: str, *parents: str) -> str:
        """Store a commit and return its name."""
        told = [word for parent in parents for word in ("-p", parent)]
        return self.git.text("commit-tree", *told, "-m", "for a merge", tree)

    def store(self, paths: list[Path]) -> list[str]:
        """Store the contents of files."""
        given = b"".join(os.fsencode(path) + b"\n" for path in paths)
        return self.git("hash-object", "-w", "--no-filters", "--stdin-paths", given=given).decode().split()

    def contents(self, names: Iterable[str]) -> dict[str, bytes]:
        """The contents behind their names."""
        wanted = list(dict.fromkeys(names))
        told = self.git("cat-file", "--batch", given="".join(f"{name}\n" for name in wanted).encode())
        found: dict[str, bytes] = {}
        for name in wanted:
            head, _, told = told.partition(b"\n")
            size = int(head.split()[2])
            found[name], told = told[:size], told[size + 1 :]
        return found

    def with_crlf(self, entry: Entry) -> Entry:
        """The same text with CRLF at the end of each line."""
        (content,) = self.contents([entry.content]).values()
        given = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        return Entry(entry.mode, self.git("hash-object", "-w", "--stdin", given=given).decode().strip())

    def renames(self, was: Tree, now: Tree) -> dict[str, str]:
        """Which files have another name now, with mostly the same content: old name to new."""
        if not (set(was) - set(now) and set(now) - set(was)):
            return {}
        told = self.git.paths(
            "diff-tree", "-r", "-z", "-M", "--diff-filter=R", "--name-status", self.tree(was), self.tree(now)
        )
        return dict(zip(told[1::3], told[2::3], strict=True))


def merge(workshop: Workshop, was: Rendering, now: Rendering, version: str) -> Merged:
    """Merge what the team has committed with what the template makes now; `version` names the latter in markers.

    Raises:
        Refused: git could not merge at all.
    """
    project = workshop.project
    merged = Merged(
        workshop.committed(project.head),
        workshop.take_in(_root_of(was.folder, project)),
        workshop.take_in(_root_of(now.folder, project)),
    )
    _leave_to_the_team(merged, now, project)
    _require_no_link_above(merged, project)
    merged.renamed = workshop.renames(merged.was, merged.now)
    _speak_their_line_endings(merged, workshop)
    git = workshop.git
    answers = project.subfolder + ANSWERS_FILE
    # The answers are no matter of the merge: they are the new ones.
    base = workshop.commit(workshop.tree(merged.was | {answers: merged.before[answers]}))
    git("update-ref", f"refs/heads/{version}", workshop.commit(workshop.tree(merged.now), base))
    git("update-ref", "refs/heads/yours", workshop.commit(f"{project.head}^{{tree}}", base))
    git("symbolic-ref", "HEAD", "refs/heads/yours")
    git("reset", "--quiet", "--hard")
    try:
        git("merge", "--quiet", "--no-ff", "--no-commit", version)
    except GitError as error:
        if not (workshop.folder / ".git" / "MERGE_HEAD").exists():
            raise Refused(f"git cannot merge {version} into {project.folder}: {error}") from error
    _settle(merged, workshop, version)
    return merged


def _root_of(folder: Path, project: Project) -> Path:
    """The folder that stands for the root of the git repository."""
    return folder.parents[project.subfolder.count("/") - 1] if project.subfolder else folder


def _leave_to_the_team(merged: Merged, now: Rendering, project: Project) -> None:
    """What belongs to the team is no matter of the merge."""
    for path in {*merged.was, *merged.now}:
        theirs = path in merged.before or path in merged.was
        if theirs and now.belongs_to_team(path.removeprefix(project.subfolder)):
            merged.was.pop(path, None)
            merged.now.pop(path, None)


def _require_no_link_above(merged: Merged, project: Project) -> None:
    """No link of the team lies where the new version has something new in a folder: it would have to go.

    Raises:
        Refused: naming both.
    """
    for path, entry in merged.now.items():
        for parent in map(PurePosixPath.as_posix, PurePosixPath(path).parents):
            there = merged.before.get(parent)
            if there and there.mode == LINK and merged.was.get(path) != entry:
                raise Refused(
                    f"{project.root / parent} is a link, and the new version has {path.removeprefix(project.subfolder)}"
                    ": put a folder in its place and commit, then update"
                )


def _speak_their_line_endings(merged: Merged, workshop: Workshop) -> None:
    """A file that the team has committed with CRLF is merged with CRLF, or each of its lines would be a conflict."""
    names = {path: path for path in merged.was.keys() & merged.now.keys()} | merged.renamed
    both = {old: new for old, new in names.items() if old in merged.before and merged.was[old] != merged.now[new]}
    suspects = {old: new for old, new in both.items() if merged.before[old].content != merged.was[old].content}
    trees = (merged.before, merged.was)
    contents = workshop.contents(
        tree[path].content for path in suspects for tree in trees if tree[path].mode != SUBMODULE
    )
    for old, new in suspects.items():
        ours, was = (contents.get(tree[old].content, b"") for tree in trees)
        if ours.count(b"\n") == ours.count(b"\r\n") > 0 and b"\r" not in was and b"\0" not in ours + was:
            merged.was[old] = workshop.with_crlf(merged.was[old])
            merged.now[new] = workshop.with_crlf(merged.now[new])


def _settle(merged: Merged, workshop: Workshop, version: str) -> None:
    """Read what git has merged, and decide what it leaves open as far as that is no question for the team."""
    open_ones = {}
    for path, stages in workshop._index().items():
        if 0 in stages:
            merged.after[path] = stages[0]
        else:
            open_ones[path] = stages
    both = [path for path, stages in open_ones.items() if 2 in stages and 3 in stages]
    _keep_both(merged, workshop, {path: open_ones[path] for path in both})
    for path, stages in open_ones.items():
        if path in both:
            continue
        if 2 in stages:
            _only_ours(merged, path)
        elif 3 in stages:
            _only_theirs(merged, path, stages, version)
    _leave_deleted_what_has_another_name(merged, workshop)
    merged.conflicts.sort(key=lambda conflict: conflict.path)
    # A link in the place of a file is a conflict, and not deleted.
    merged.kept_deleted = sorted(set(merged.kept_deleted) - merged.stages.keys())


def _leave_deleted_what_has_another_name(merged: Merged, workshop: Workshop) -> None:
    """What the team has deleted does not come back because the template calls it otherwise now."""
    deleted = {old: new for old, new in merged.renamed.items() if old not in merged.before and new not in merged.before}
    if not deleted:
        return
    moved = workshop.renames(merged.was, merged.before)
    for old, new in deleted.items():
        if old not in moved and merged.after.get(new) == merged.now[new]:
            del merged.after[new]
            merged.kept_deleted.append(old)


def _keep_both(merged: Merged, workshop: Workshop, found: dict[str, dict[int, Entry]]) -> None:
    """Both have it: the file with markers, or the team's where there can be no markers."""
    files = [path for path, stages in found.items() if stages[2].mode not in (LINK, SUBMODULE)]
    contents = dict(zip(files, workshop.store([workshop.folder / path for path in files]), strict=True))
    for path, stages in found.items():
        content = contents.get(path, stages[2].content)
        merged.after[path] = Entry(stages[2].mode, content)
        merged.stages[path] = stages
        marked = content != stages[2].content
        kind = ("content" if 1 in stages else "both_added") if marked else "binary"
        merged.conflicts.append(Conflict(path, kind))


def _only_ours(merged: Merged, path: str) -> None:
    """The team's side alone. Where the template has no such file any more it goes; what the team had written there
    is saved later. A file that the team has renamed is its own."""
    if path in merged.now and path in merged.before:
        _disagree(merged, path)
    elif path in merged.before and path not in merged.was:
        merged.after[path] = merged.before[path]


def _only_theirs(merged: Merged, path: str, stages: dict[int, Entry], version: str) -> None:
    """The template's side alone: what the team has deleted stays deleted."""
    if path in merged.before:
        _disagree(merged, path)
    elif path in merged.was:
        merged.kept_deleted.append(path)
    elif path in merged.now:
        merged.after[path] = merged.now[path]
    elif 1 in stages:
        merged.kept_deleted.append(path.partition(f"~{version}")[0])  # a folder of the team is in its place
    else:
        original = path.partition(f"~{version}")[0]
        if original not in merged.stages:
            merged.after[path] = stages[3]
            merged.stages[path] = {3: stages[3]}
            merged.conflicts.append(Conflict(path, "path"))


def _disagree(merged: Merged, path: str) -> None:
    """One has a link where the other has a file: the team's stays, git has both."""
    if path in merged.stages:
        return
    merged.after[path] = merged.before[path]
    sides = {1: merged.was.get(path), 2: merged.before[path], 3: merged.now.get(path)}
    merged.stages[path] = {stage: entry for stage, entry in sides.items() if entry}
    merged.conflicts.append(Conflict(path, "path"))


def index_info(files: Mapping[str, Entry | None], stage: int = 0) -> bytes:
    """Lines for `git update-index -z --index-info`; None takes a path out. That comes first: a folder may follow."""
    ordered = sorted(files.items(), key=lambda item: item[1] is not None)
    return b"".join(
        f"{entry.mode if entry else 0} {entry.content if entry else '0' * 40} {stage}\t".encode()
        + os.fsencode(path)
        + b"\0"
        for path, entry in ordered
    )
