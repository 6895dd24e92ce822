"""Writes into wheel and source distribution which state of the template they carry: a release, or one between two."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

RECORD = "template-version"
"""Beside the modules of the package; `richtfest/template.py` reads it."""


class TemplateVersion(BuildHookInterface):
    """Adds the record to what is built; nothing is written into the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Prepare the record. An editable installation has none: it uses the checkout itself."""
        root = Path(self.root)
        if version == "editable" or (root / "generator" / "richtfest" / RECORD).is_file():  # of a source distribution
            return
        self.folder = Path(tempfile.mkdtemp(prefix="richtfest-build-"))
        (self.folder / RECORD).write_text(_state(root) + "\n", "utf-8")
        place = f"richtfest/{RECORD}" if self.target_name == "wheel" else f"generator/richtfest/{RECORD}"
        build_data["force_include"][str(self.folder / RECORD)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Tidy up."""
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder, ignore_errors=True)


def _state(root: Path) -> str:
    """What git calls the commit, as Copier records it for a checkout: v0.2.0 only for exactly that."""
    if not (root / ".git").exists():  # one further up is of another project
        return "unreleased"
    try:
        described = _git(root, "describe", "--tags", "--always")
        edited = _git(root, "status", "--porcelain", "--", "copier.yml", "templates")
    except (OSError, subprocess.CalledProcessError):  # no git here, or a repository that it does not trust
        return "unreleased"
    return f"{described}-edited" if edited else described


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout.strip()
