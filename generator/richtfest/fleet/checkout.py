"""A member of the fleet on this machine: its folder, or a clone of ours in the cache."""

import hashlib
import re
import shutil
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

from richtfest.fleet.listing import Member
from richtfest.upgrade.git import Git, GitError


class Unreachable(Exception):
    """A member cannot be had. The message is one sentence for a person."""


def cache() -> Path:
    """Where the clones of fleets are."""
    return user_cache_path("richtfest", appauthor=False) / "fleet"


def have(member: Member) -> Path:
    """The folder with the newest state of a member. A clone of ours follows its origin; a folder is left as it is.

    Raises:
        Unreachable: there is no such folder, or git cannot fetch.
    """
    if not member.is_remote:
        folder = Path(member.where)
        if not folder.is_dir():
            raise Unreachable(f"there is no folder {folder}")
        return folder
    folder = cache() / place_of(member)
    try:
        if not (folder / ".git").is_dir():
            _clone(member, folder)
        else:
            _follow(folder)
    except (GitError, OSError) as error:
        raise Unreachable(f"{member.where} cannot be fetched: {error}") from error
    return folder


def place_of(member: Member) -> str:
    """The name of a clone: readable, and another one for each address."""
    readable = re.sub(r"[^a-z0-9]+", "-", member.name.lower()).strip("-")[:40]
    return f"{readable}-{hashlib.sha256(member.where.encode()).hexdigest()[:12]}"


def _clone(member: Member, folder: Path) -> None:
    """There at once and whole, whatever interrupts it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".clone-", dir=folder.parent) as aside:
        Git(Path(aside))("clone", "--quiet", "--", member.where, "clone")
        (Path(aside) / "clone").rename(folder)


def _follow(folder: Path) -> None:
    """Nobody works in a clone of ours, so it simply goes where its origin is. Branches that were prepared stay."""
    git = Git(folder)
    git("fetch", "--quiet", "--prune", "origin")
    git("remote", "set-head", "origin", "--auto")
    git("checkout", "--quiet", "--force", "--detach", "refs/remotes/origin/HEAD")
    git("clean", "--quiet", "-ffd")
