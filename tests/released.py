"""The template with its releases as tags: what `copier update` sees at the public origin.

This checkout need not have tags: they are made from releases.yml, in a clone.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from richtfest import __version__
from tests.generation import ROOT
from tools.release import releases

IDENTITY = ("-c", "user.name=Tests", "-c", "user.email=tests@example.com", "-c", "commit.gpgsign=false")


@dataclass(frozen=True)
class Origin:
    """A clone with a tag for every recorded release, oldest first, and one for the next release at its HEAD.

    The next one is this checkout as it is, with what is not committed yet.
    """

    path: Path
    released: list[str]
    next: str

    def git(self, *arguments: str) -> str:
        """Run git in the clone.

        Raises:
            subprocess.CalledProcessError: git fails.
        """
        done = subprocess.run(
            ["git", *IDENTITY, *arguments], cwd=self.path, capture_output=True, text=True, check=True
        )  # fmt: skip
        return done.stdout.strip()


def origin(folder: Path, checkout: Path = ROOT) -> Origin:
    """Clone a checkout into a folder and make the tags.

    Raises:
        subprocess.CalledProcessError: a recorded commit is not in the history of the checkout.
    """
    recorded = releases(checkout)
    made = Origin(folder / "richtfest", list(recorded), f"v{__version__}")
    subprocess.run(["git", "clone", "--quiet", "--no-tags", checkout, made.path], check=True)
    for version, commit in recorded.items():
        made.git("tag", version, commit)
    _take_over_what_is_not_committed(checkout, made.path)
    made.git("add", "--all")
    made.git("commit", "--quiet", "--allow-empty", "--message", f"Release {made.next}")
    if made.next not in recorded:
        made.git("tag", made.next)
    return made


def installed(checkout: Path, folder: Path) -> Path:
    """The folder that an installation of the checkout's wheel puts the package in.

    Raises:
        subprocess.CalledProcessError: pip cannot build it.
    """
    pip = (sys.executable, "-m", "pip", "--quiet")
    build = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, checkout)
    subprocess.run([*pip, *build], check=True)
    wheel = next(folder.glob("*.whl"))
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", folder / "site", wheel], check=True)
    return folder / "site"


def _take_over_what_is_not_committed(checkout: Path, clone: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=checkout, capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = {name for name in listed.stdout.split("\0") if (checkout / name).is_file()}
    for path in clone.rglob("*"):
        relative = path.relative_to(clone)
        if path.is_file() and relative.parts[0] != ".git" and relative.as_posix() not in names:
            path.unlink()
    for name in names:
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(checkout / name, clone / name)
