"""The template with released versions: v0.1.0 as this checkout has it, v0.2.0 changed on purpose."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.generation import ROOT

FIRST, SECOND = "v0.1.0", "v0.2.0"
IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgSign=false")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *IDENTITY, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}"
    return done.stdout


def commit(folder: Path, message: str = "as it is") -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--no-verify", "--message", message)
    return git(folder, "rev-parse", "HEAD").strip()


class Template:
    """The template's git repository. `release` makes a version of whatever its files are."""

    def __init__(self, folder: Path):
        """What is there already is taken as it is; otherwise the template of this checkout."""
        self.path = folder
        self.url = f"git+file://{folder}"
        if not folder.exists():
            self._begin(folder)

    def _begin(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        shutil.copy(ROOT / "copier.yml", folder)
        shutil.copy(ROOT / "CHANGELOG.md", folder)
        shutil.copytree(ROOT / "templates", folder / "templates", ignore=shutil.ignore_patterns("__pycache__"))
        git(folder, "init", "--quiet", "--initial-branch", "main")
        (folder / ".gitattributes").write_text("* text=auto eol=lf\n")

    @property
    def files(self) -> Path:
        return self.path / "templates"

    def release(self, tag: str) -> str:
        made = commit(self.path, tag)
        git(self.path, "tag", tag)
        return made

    def change(self, path: str, edit: Callable[[str], str]) -> None:
        """Edit a file of the template; `path` is relative to its root."""
        file = self.path / path
        before = file.read_text("utf-8")
        after = edit(before)
        assert before != after, f"{path} did not change"
        file.write_text(after, "utf-8")


ENGLISH = "templates/#{ language_en }#/"
CHANGED = "docs/runbooks/HighLatency.md", "scripts/smoke.sh", "terraform/variables.tf"
"""What the second version changes: their last line, and one in the middle."""
ADDED = "docs/second.md", "scripts/second.sh"
REMOVED = "docs/runbooks/Watchdog.md", "scripts/squawk.txt"
RENAMED = {"docs/runbooks/TrafficDrop.md": "docs/runbooks/FewVisitors.md"}
MADE_EXECUTABLE = "scripts/lib.sh"
QUESTION = "\nsecond_question:\n  type: str\n  ask: false\n  default: answered\n"
ENTRY = "## 0.2.0 (2026-12-01)\n\n- A second script, and\n  a page about it.\n- Fewer runbooks.\n\n"


BY_HAND = "Before you merge:\n\n```\nbash scripts/second.sh\n```"


def second_version(template: Template) -> None:
    """What a version may do to a repository: change, add, remove and rename files, change a mode, ask more."""
    for path in CHANGED:
        template.change(source(template, path), change_two_places)
    for path in ADDED:
        (template.files / path).parent.mkdir(exist_ok=True)
        (template.files / path).write_text(f"# {path}: new in the second version.\n# Text.\n")
    for path in REMOVED:
        (template.path / source(template, path)).unlink()
    for old, new in RENAMED.items():
        (template.path / source(template, old)).rename(template.path / ENGLISH / new)
    mode = (template.files / MADE_EXECUTABLE).stat().st_mode
    (template.files / MADE_EXECUTABLE).chmod(mode ^ 0o111)
    template.change("copier.yml", lambda text: text + QUESTION)
    old = "## 0.1.0\n\nNothing: it is the first version.\n"
    (template.path / "MIGRATING.md").write_text(f"# Migrating\n\n## 0.2.0\n\n{BY_HAND}\n\n{old}")
    template.change("CHANGELOG.md", lambda text: text.replace("## 0.1.0", ENTRY + "## 0.1.0", 1))


def source(template: Template, path: str) -> str:
    """Where the template has a file of an English repository."""
    places = (f"{folder}{path}{ending}" for folder in (ENGLISH, "templates/") for ending in ("", ".jinja"))
    return next(place for place in places if (template.path / place).is_file())


def change_two_places(text: str) -> str:
    """A line in the middle, and one at the end."""
    lines = text.splitlines()
    lines[len(lines) // 2] += "  # changed by the second version"
    return "\n".join([*lines, "# Second version."]) + "\n"
