"""What a team may do to a generated repository: edits as data, so that hypothesis can make them up and shrink them.

Every line that an edit writes holds a mark of its own, by which it is found again after the update.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from tests.update.released import ADDED, CHANGED, MADE_EXECUTABLE, REMOVED, RENAMED
from tests.update.repository import Repository

MARK = b"written by the team, "
TOUCHED = [*CHANGED, *REMOVED, *RENAMED, MADE_EXECUTABLE]
"""Files that the second version does something to."""


@dataclass(frozen=True)
class Edit:
    """One thing that somebody does: `kind` to the file at `path`, at a place between 0 (begin) and 1 (end)."""

    kind: str
    path: str
    place: float = 0.5


def edits(paths: list[str]) -> st.SearchStrategy[list[Edit]]:
    """Some edits of these files; half of them where the new version has changed something, too."""
    anywhere = st.one_of(st.sampled_from(TOUCHED), st.sampled_from(paths))
    places = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1))
    some = st.builds(Edit, st.sampled_from(sorted(KINDS)), anywhere, places)
    at_new = st.builds(Edit, st.sampled_from(["own_file", "own_folder", "own_link"]), st.sampled_from(ADDED), places)
    return st.lists(st.one_of(some, some, some, at_new), min_size=1, max_size=6)


class Team:
    """Does the edits; each line that it writes is another one."""

    def __init__(self, repository: Repository):
        self.repository = repository
        self._written = 0

    def do(self, edit: Edit) -> None:
        file = self.repository.folder / edit.path
        KINDS.get(edit.kind, MORE.get(edit.kind))(self, file, edit.place)

    def line(self, end: bytes = b"\n") -> bytes:
        self._written += 1
        return MARK + str(self._written).encode() + end

    def insert(self, file: Path, place: float) -> None:
        if lines := _lines(file):
            lines.insert(round(place * len(lines)), self.line())
            file.write_bytes(b"".join(lines))

    def replace_line(self, file: Path, place: float) -> None:
        if lines := _lines(file):
            lines[round(place * (len(lines) - 1))] = self.line()
            file.write_bytes(b"".join(lines))

    def delete_lines(self, file: Path, place: float) -> None:
        if lines := _lines(file):
            begin = round(place * (len(lines) - 1))
            del lines[begin : begin + 4]
            file.write_bytes(b"".join(lines))

    def append_without_newline(self, file: Path, place: float) -> None:
        if _lines(file):
            file.write_bytes(file.read_bytes() + self.line(b""))

    def append_latin1(self, file: Path, place: float) -> None:
        if _lines(file):
            file.write_bytes(file.read_bytes() + self.line(b" caf\xe9\n"))

    def rewrite(self, file: Path, place: float) -> None:
        if _lines(file):
            file.write_bytes(b"".join(self.line() for _ in range(5)))

    def make_binary(self, file: Path, place: float) -> None:
        if _lines(file):
            file.write_bytes(b"\0\1\2" + self.line() + file.read_bytes())

    def delete(self, file: Path, place: float) -> None:
        if os.path.lexists(file) and (file.is_symlink() or file.is_file()):
            file.unlink()

    def rename(self, file: Path, place: float) -> None:
        if _lines(file):
            target = (
                file.with_name(f"{file.name} of ours") if place < 0.5 else self.repository.folder / "ours" / file.name
            )
            if not os.path.lexists(target):
                target.parent.mkdir(exist_ok=True)
                file.rename(target)
                self.insert(target, place)

    def change_mode(self, file: Path, place: float) -> None:
        if _lines(file):
            file.chmod(file.stat().st_mode ^ 0o111)

    def crlf(self, file: Path, place: float) -> None:
        if _lines(file):
            file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            self.insert(file, place)

    def crlf_for_good(self, file: Path, place: float) -> None:
        if _lines(file):
            (self.repository.folder / ".gitattributes").write_bytes(b"* -text\n# " + self.line())
            self.crlf(file, place)

    def link(self, file: Path, place: float) -> None:
        if _lines(file):
            file.unlink()
            file.symlink_to("elsewhere" if place < 0.5 else "README.md")

    def folder(self, file: Path, place: float) -> None:
        if _lines(file):
            file.unlink()
            file.mkdir()
            (file / "inside.txt").write_bytes(self.line())

    def file_for_folder(self, file: Path, place: float) -> None:
        if _lines(file) and file.parent not in (self.repository.folder, self.repository.folder / ".github"):
            shutil.rmtree(file.parent)
            file.parent.write_bytes(self.line())

    def comment_answers(self, file: Path, place: float) -> None:
        answers = self.repository.folder / ".copier-answers.yml"
        answers.write_bytes(answers.read_bytes() + b"# " + self.line())

    def own_file(self, file: Path, place: float) -> None:
        if _free(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self.line() + self.line())

    def own_folder(self, file: Path, place: float) -> None:
        if _free(file):
            file.mkdir(parents=True)
            (file / "inside.txt").write_bytes(self.line())

    def own_link(self, file: Path, place: float) -> None:
        if _free(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.symlink_to("elsewhere")


def _lines(file: Path) -> list[bytes]:
    """The lines of an ordinary file; none where an earlier edit has left something else."""
    if file.is_symlink() or not file.is_file():
        return []
    return file.read_bytes().splitlines(keepends=True)


def _free(file: Path) -> bool:
    above = [parent for parent in file.parents if os.path.lexists(parent)]
    return not os.path.lexists(file) and above[0].is_dir() and not above[0].is_symlink()


Do = Callable[[Team, Path, float], None]
MORE: dict[str, Do] = {"own_file": Team.own_file, "own_folder": Team.own_folder, "own_link": Team.own_link}
KINDS: dict[str, Do] = {
    name: getattr(Team, name)
    for name in (
        "insert", "replace_line", "delete_lines", "append_without_newline", "append_latin1", "rewrite", "make_binary",
        "delete", "rename", "change_mode", "crlf", "crlf_for_good", "link", "folder", "file_for_folder",
        "comment_answers",
    )
}  # fmt: skip
