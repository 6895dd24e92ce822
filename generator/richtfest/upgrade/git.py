"""Git, run in one folder, with words that are the same on every machine."""

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

LOCAL = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE",
)  # fmt: skip
"""Set when a hook of git runs us; they would lead every call to another repository."""


class GitError(Exception):
    """Git has refused. The message is git's own last line; `output` all that it said."""

    def __init__(self, arguments: Sequence[str], output: str):
        """Keep what git has said."""
        self.output = output.strip()
        lines = [line for line in self.output.splitlines() if line]
        told = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[-1] if lines else "")
        super().__init__(told.partition(": ")[2] or told or f"git {arguments[0]} failed")


def spoken(folder: Path) -> str:
    """The words that begin a command of git for this folder, from where the person stands: `git`, or `git -C ...`."""
    return "git" if folder.resolve() == Path.cwd() else f"git -C {shlex.quote(str(folder))}"


class Git:
    """Git in one folder; `settings` hold for all its calls."""

    def __init__(self, folder: Path, *settings: str, **environment: str):
        """Prepare; nothing is run yet."""
        self.folder = folder
        self._words = ["git", "--no-optional-locks", *(word for setting in settings for word in ("-c", setting))]
        inherited = {name: value for name, value in os.environ.items() if name not in LOCAL}
        self._environment = inherited | {"LC_ALL": "C"} | environment

    def __call__(self, *arguments: str, given: bytes = b"", **environment: str) -> bytes:
        """Run git and return what it prints.

        Raises:
            GitError: it has failed.
        """
        done = self._run(arguments, given, environment)
        if done.returncode:
            raise GitError(arguments, (done.stderr or done.stdout).decode("utf-8", "replace"))
        return done.stdout

    def text(self, *arguments: str, **environment: str) -> str:
        """The same as one stripped text."""
        return self(*arguments, **environment).decode("utf-8", "replace").strip()

    def paths(self, *arguments: str, **environment: str) -> list[str]:
        """The same for commands that end each path with NUL."""
        return [os.fsdecode(path) for path in self(*arguments, **environment).split(b"\0") if path]

    def succeeds(self, *arguments: str, **environment: str) -> bool:
        """Whether it exits with 0."""
        return self._run(arguments, b"", environment).returncode == 0

    def _run(self, arguments: Sequence[str], given: bytes, environment: dict[str, str]) -> subprocess.CompletedProcess:
        try:
            return subprocess.run(
                [*self._words, *arguments],
                cwd=self.folder,
                env=self._environment | environment,
                input=given,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError as error:
            raise GitError(arguments, "fatal: git is not installed, or the folder is gone") from error
