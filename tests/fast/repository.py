"""A generated repository whose scripts are run. A stand-in for gh or glab keeps what GitHub or GitLab would keep."""

import atexit
import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tests.generation import render

STAND_INS = Path(__file__).parent / "stand_ins"
PROGRAMS = """
    base64 basename bash cat chmod cut date dirname env git gpg gpg-agent grep head id ls mkdir mktemp od python3 rm sed
    sort ssh-add ssh-keygen tail tar tee touch tr uname
"""


@cache
def rendered(answers: str) -> Path:
    """Rendered once per set of answers; the tests work on copies."""
    folder = Path(tempfile.mkdtemp(prefix="richtfest-scripts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return render(json.loads(answers), folder / "shop")


class Repository:
    """A generated repository with a home and a PATH of its own."""

    def __init__(self, folder: Path, answers: dict, github: str | None):
        self.path = shutil.copytree(rendered(json.dumps(answers)), folder / "shop")
        self.home = folder / "home"
        self.programs = folder / "programs"
        self.state_file = folder / "github.json"
        self.programs.mkdir()
        for name in PROGRAMS.split():
            if found := shutil.which(name):
                (self.programs / name).symlink_to(found)
        (self.home / ".ssh").mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.com")
        self.commit()
        if github and answers.get("ci") == "gitlab":
            for name in ("curl", "glab"):
                (self.programs / name).symlink_to(STAND_INS / name)
            self.gitlab = {"user": "Ada Lovelace", "role": "maintainer", "protected": ["main"], "schedules": [],
                           "project": {"path_with_namespace": "acme/web/Shop", "default_branch": "main"},
                           "groups": {}, "variables": {}, "issues": {}, "calls": []}  # fmt: skip
        elif github:
            (self.programs / "gh").symlink_to(STAND_INS / "gh")
            self.github = {"plan": github, "branch": "main", "environments": {}, "secrets": {}, "comments": [],
                           "issues": {}, "requests": {}, "calls": []}  # fmt: skip

    @property
    def github(self) -> dict:
        return json.loads(self.state_file.read_text())

    @github.setter
    def github(self, state: dict) -> None:
        self.state_file.write_text(json.dumps(state))

    gitlab = github
    """The same file; what is in it depends on the forge."""

    @property
    def secrets(self) -> dict[str, str]:
        return self.github["secrets"]

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.path, capture_output=True, text=True, check=True
        ).stdout  # fmt: skip

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "as it is")

    def run(self, script: str, *arguments: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.programs / "bash", f"scripts/{script}", *arguments],
            cwd=self.path,
            input=typed,
            env={
                "HOME": str(self.home),
                "PATH": str(self.programs),
                "GH_STATE": str(self.state_file),
                "GLAB_STATE": str(self.state_file),
                "GITHUB_REPOSITORY": "acme/Shop",
                "LC_ALL": "C",
            }
            | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def in_gitlab(self, script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a script as a job at GitLab does."""
        known = {"CI_API_V4_URL": "https://gitlab.example.com/api/v4", "CI_PROJECT_ID": "7"}
        return self.run(script, *arguments, **known | variables)

    def replace(self, script: str, text: str) -> None:
        """Put a stand-in in the place of another script."""
        (self.path / "scripts" / script).write_text(f"#!/usr/bin/env bash\n# Stand-in.\nset -eu\n{text}\n", "utf-8")

    def waiting(self) -> dict[str, Path]:
        """Secrets that wait on this machine for the forge."""
        folder = self.home / ".local/state/shop/secrets"
        return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}

    def public(self) -> dict[str, str]:
        folder = self.path / "terraform" / "keys"
        return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*.pub"))}
