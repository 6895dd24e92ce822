"""How far a repository has moved away from the version of the template that it records, file by file."""

import difflib
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from richtfest.generate import ANSWERS_FILE
from richtfest.upgrade.errors import Refused
from richtfest.upgrade.git import Git
from richtfest.upgrade.merge import Entry, Tree, Workshop, index_of
from richtfest.upgrade.origin import open_origin
from richtfest.upgrade.project import Project, open_project
from richtfest.upgrade.questions import never_accepted
from richtfest.upgrade.rendering import render, scratch

EDITED, DELETED, RENAMED, MODE, REPLACED = "edited", "deleted", "renamed", "mode", "replaced"


@dataclass(frozen=True)
class Difference:
    """One file that is not as the template made it.

    Attributes:
        path: from the folder of the repository, with slashes.
        kind: `edited`, `deleted`, `renamed` (and perhaps edited), `mode` (only the executable bit), or `replaced` (a
            folder or a link is there).
        added: lines that are more; None for what is no text.
        removed: lines that are fewer; None for what is no text.
        of_team: whether the template leaves this file to the team from the first day on.
        diff: the difference in lines, as `diff -u` writes it; empty where there is none to show.
        renamed_to: where a renamed file is now; otherwise empty.
    """

    path: str
    kind: str
    added: int | None = 0
    removed: int | None = 0
    of_team: bool = False
    diff: str = ""
    renamed_to: str = ""


@dataclass(frozen=True)
class Drift:
    """All differences between a repository and its version of the template, sorted by path."""

    repository: Path
    version: str
    language: str
    differences: list[Difference] = field(default_factory=list)

    @property
    def of_template(self) -> list[Difference]:
        """Those in files that updates work on."""
        return [found for found in self.differences if not found.of_team]

    def as_dict(self) -> dict[str, Any]:
        """The same for a program, ready for JSON."""
        return asdict(self) | {"repository": str(self.repository)}


def drift(repository: Path) -> Drift:
    """Compare the files of a repository, as they lie there, with its version of the template. Writes nothing.

    Raises:
        Refused: with a sentence that says why they cannot be compared.
    """
    project = open_project(repository)
    origin = open_origin(str(project.recorded["_src_path"]))
    version = str(project.recorded["_commit"])
    origin.require(version, project.folder)
    with scratch() as place:
        try:
            made = render(origin, version, place / project.folder.name, answers=project.answers)
        except Refused as reason:
            raise never_accepted(origin, version, project.folder, project.answers, reason) from reason
        files = sorted(path.relative_to(made.folder) for path in made.folder.rglob("*") if not path.is_dir())
        compared = [
            _compare(made.folder, project, path.as_posix(), made.belongs_to_team(path.as_posix()))
            for path in files
            if path.as_posix() != ANSWERS_FILE
        ]
        differences = _with_renames(made.folder, project, [found for found in compared if found], place)
    return Drift(project.folder, version, project.language, differences)


def _compare(made: Path, project: Project, path: str, of_team: bool) -> Difference | None:
    theirs, ours = made / path, project.folder / path
    if not os.path.lexists(ours):
        return Difference(path, DELETED, 0, len(theirs.read_bytes().splitlines()), of_team)
    if ours.is_symlink() or not ours.is_file():
        return Difference(path, REPLACED, None, None, of_team)
    before, after = theirs.read_bytes(), ours.read_bytes()
    if before == after or _differs_for_this_machine_only(project, ours, before, after):
        same_mode = os.name == "nt" or not (theirs.stat().st_mode ^ ours.stat().st_mode) & 0o100
        return None if same_mode else Difference(path, MODE, 0, 0, of_team)
    try:
        return _edited(path, before.decode("utf-8"), after.decode("utf-8"), of_team)
    except UnicodeDecodeError:
        return Difference(path, EDITED, None, None, of_team)


def _with_renames(made: Path, project: Project, differences: list[Difference], place: Path) -> list[Difference]:
    """The same, with those deleted files as renamed of which git finds most of the lines under another name."""
    deleted = [found.path for found in differences if found.kind == DELETED]
    if not deleted:
        return differences
    workshop = Workshop(place / "renames", project)
    names = workshop.store([made / path for path in deleted])
    was = {path: Entry("100644", name) for path, name in zip(deleted, names, strict=True)}
    renamed = workshop.renames(was, _others(made, project, workshop))
    return [
        _renamed(made, project, found, renamed[found.path]) if found.path in renamed else found for found in differences
    ]


def _others(made: Path, project: Project, workshop: Workshop) -> Tree:
    """The files of the repository that its version of the template does not have, committed or not."""
    git = Git(project.folder)
    others: Tree = {path: stages[max(stages)] for path, stages in index_of(git).items()}
    new = git.paths("ls-files", "--others", "--exclude-standard", "-z")
    new = [path for path in new if "\n" not in path and not (project.folder / path).is_symlink()]
    names = workshop.store([project.folder / path for path in new])
    others |= {path: Entry("100644", name) for path, name in zip(new, names, strict=True)}
    return {
        path: entry
        for path, entry in others.items()
        if (project.folder / path).is_file() and not os.path.lexists(made / path)
    }


def _renamed(made: Path, project: Project, found: Difference, path: str) -> Difference:
    before, after = (made / found.path).read_bytes(), (project.folder / path).read_bytes()
    try:
        edited = _edited(found.path, before.decode("utf-8"), after.decode("utf-8"), found.of_team, path)
    except UnicodeDecodeError:
        edited = Difference(found.path, EDITED, None, None, found.of_team)
    return replace(edited, kind=RENAMED, renamed_to=path)


def _differs_for_this_machine_only(project: Project, file: Path, before: bytes, after: bytes) -> bool:
    """Whether only the line endings differ, and git would commit the same."""
    if after.replace(b"\r\n", b"\n") != before:
        return False
    committed = project.git.text("hash-object", "--", str(file))
    return committed == project.git("hash-object", "--stdin", given=before).decode().strip()


def _edited(path: str, before: str, after: str, of_team: bool, new_path: str = "") -> Difference:
    names = f"template/{path}", f"yours/{new_path or path}"
    lines = list(difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), *names))
    told = "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    added = sum(line.startswith("+") for line in lines[2:])
    removed = sum(line.startswith("-") for line in lines[2:])
    return Difference(path, EDITED, added, removed, of_team, told)
