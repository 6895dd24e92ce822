"""A generated repository under test, and what a test says to it."""

import json
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import copier
from click.testing import CliRunner, Result

from richtfest.cli import group
from tests.update.released import FIRST, IDENTITY, Template, commit, git


@dataclass(frozen=True)
class Repository:
    """A repository of the team; `subfolder` is where the answers file is."""

    path: Path
    subfolder: str = "."

    @property
    def folder(self) -> Path:
        return self.path / self.subfolder

    def git(self, *arguments: str) -> str:
        return git(self.path, *arguments)

    def commit(self) -> str:
        return commit(self.path)

    def read(self, path: str) -> str:
        return (self.folder / path).read_text("utf-8")

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, "utf-8")

    def insert(self, path: str, line: str, at: int = 1) -> None:
        """Put a line into a file, before its line number `at` (0 is the first)."""
        lines = self.read(path).splitlines(keepends=True)
        lines.insert(at, line + "\n")
        self.write(path, "".join(lines))

    def state(self) -> dict[str, Any]:
        """All that an update may touch: files with their modes, the index, HEAD and the branches."""
        return {
            "files": {path.relative_to(self.path).as_posix(): _file(path) for path in self._files()},
            "index": self.git("ls-files", "--stage"),
            "head": self.git("rev-parse", "HEAD"),
            "branches": self.git("for-each-ref"),
        }

    def status(self) -> dict[str, str]:
        """What git says of each file that differs: two letters."""
        return {line[3:]: line[:2] for line in self.git("status", "--porcelain", "--no-renames").splitlines()}

    def update(self, *arguments: str, code: int = 0) -> str:
        """Run `richtfest update`; what it prints, on both outputs."""
        done = richtfest("update", str(self.folder), *arguments)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, f"exit code {done.exit_code}\n{done.output}"
        return done.output

    def update_json(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        return json.loads(self.update("--json", *arguments, code=code))

    def _files(self) -> list[Path]:
        found = []
        for folder, folders, files in os.walk(self.path):
            if ".git" in folders:
                folders.remove(".git")
            links = [name for name in folders if (Path(folder) / name).is_symlink()]
            found += [Path(folder) / name for name in (*files, *links)]
        return sorted(found)


def _file(path: Path) -> tuple[str, bytes]:
    if path.is_symlink():
        return "link", os.fsencode(path.readlink())
    return oct(path.stat().st_mode & 0o111), path.read_bytes()


def richtfest(*arguments: str) -> Result:
    """The command, inside this process."""
    return CliRunner(env=environment()).invoke(group, arguments, prog_name="richtfest")


def environment() -> dict[str, str]:
    """A person's environment with a name for commits."""
    names = {f"GIT_{role}_{what}": word for role in ("AUTHOR", "COMMITTER")
             for what, word in {"NAME": "Ada", "EMAIL": "ada@example.com"}.items()}  # fmt: skip
    return os.environ | names


def generate(template: Template, path: Path, subfolder: str = ".", version: str = FIRST, **answers: str) -> Repository:
    """A repository as plain Copier makes it from a version, committed."""
    repository = Repository(path, subfolder)
    copy(template.url, repository.folder, version, answers)
    repository.git("init", "--quiet", "--initial-branch", "main")
    for setting in IDENTITY[1::2]:
        repository.git("config", *setting.split("=", 1))
    repository.git("config", "gc.auto", "0")
    repository.commit()
    return repository


def copy(url: str, folder: Path, version: str, answers: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copier.run_copy(url, folder, data={"language": "en", "project_name": "shop"} | answers, vcs_ref=version,
                        defaults=True, overwrite=True, quiet=True)  # fmt: skip
