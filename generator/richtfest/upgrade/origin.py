"""The template's own git repository: which versions it has, and what a file says in one of them."""

import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from packaging.version import InvalidVersion, Version
from platformdirs import user_cache_path

from richtfest.generate import ANSWERS_FILE
from richtfest.upgrade.errors import Refused
from richtfest.upgrade.git import Git, GitError

DESCRIBED = re.compile(r"(?P<tag>.+)-(?P<count>[0-9]+)-g[0-9a-f]+")
HASH = re.compile(r"[0-9a-f]{7,40}")
"""A commit for which `git describe` knows no tag. Digits alone are one, too, and no number of a release."""
REFS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")


@dataclass(frozen=True)
class Origin:
    """The template as a git repository on this machine; `url` is what the answers file calls it."""

    url: str
    path: Path

    @cached_property
    def _git(self) -> Git:
        return Git(self.path)

    def newest(self) -> str | None:
        """The tag of the newest release; None when there is none. Release candidates and the like do not count."""
        tags = [tag for tag in self._git.text("tag", "--list").splitlines() if is_release(tag)]
        return max(tags, key=number_of, default=None)

    def has(self, version: str) -> bool:
        """Whether a tag, or what `git describe` called a commit, is there."""
        return self._git.succeeds("rev-parse", "--verify", "--quiet", "--end-of-options", f"{version}^{{commit}}")

    def require(self, version: str, folder: Path) -> None:
        """The version that made a repository is known here.

        Raises:
            Refused: it is not, or is no version at all.
        """
        unreleased = HASH.fullmatch(version) or DESCRIBED.fullmatch(version)
        if number_of(version) is None and not unreleased:
            raise Refused(f"{version}, which is recorded as the version that made {folder}, is no version")
        if self.has(version):
            return
        if unreleased:
            raise Refused(
                f"{folder} was made from an unreleased state of the template ({version}) that {self.shown} does not "
                f"have: put the release that is nearest to it into {folder / ANSWERS_FILE} as _commit, and commit"
            )
        raise Refused(f"{version}, which made {folder}, is not among the versions of {self.shown}")

    def number(self, version: str) -> Version:
        """The number of a version that is there; for a commit without a tag that of the newest release before it."""
        number = number_of(version)
        if number is None:
            tags = self._git.text("tag", "--list", "--merged", f"{version}^{{commit}}").splitlines()
            number = max((number_of(tag) for tag in tags if is_release(tag)), default=Version("0"))
        return number

    def is_older(self, one: str, other: str) -> bool:
        """Whether a release comes before a version: by its number, or as git knows it of a commit without a tag."""
        if HASH.fullmatch(other):
            return self._git.succeeds("merge-base", "--is-ancestor", f"{one}^{{commit}}", f"{other}^{{commit}}")
        return number_of(one) < number_of(other)

    def read(self, version: str, file: str) -> str:
        """A file as it is in a version.

        Raises:
            GitError: there is no such file.
        """
        return self._git("show", f"{version}:{file}").decode("utf-8")

    def settings(self, version: str) -> dict[str, Any]:
        """The questionnaire of a version: questions by name, settings with an underscore before them.

        Raises:
            Refused: it is not to be understood.
        """
        try:
            return yaml.safe_load(self.read(version, "copier.yml"))
        except (GitError, yaml.YAMLError) as error:
            raise Refused(f"{version} of {self.shown} is no template: copier.yml cannot be read there") from error

    @property
    def shown(self) -> str:
        """The URL without what nobody else may read."""
        return without_credentials(self.url)


def open_origin(url: str) -> Origin:
    """Have the newest state of a template here.

    Raises:
        Refused: it cannot be reached, or is no git repository.
    """
    address = _address(url)
    local = Path(address).expanduser()
    if local.exists():
        if not Git(local).succeeds("rev-parse", "--git-dir"):
            raise Refused(f"the template {url} is a folder without versions: an update needs its git repository")
        return Origin(url, local.resolve())
    path = user_cache_path("richtfest", appauthor=False) / "templates" / (_key(address) + ".git")
    try:
        _fetch(address, path)
    except (GitError, OSError) as error:
        raise Refused(
            f"the template {without_credentials(url)} cannot be reached: {without_credentials(str(error))}"
        ) from error
    return Origin(url, path)


def number_of(version: str) -> Version | None:
    """The number of a tag such as v0.2.0, or of what `git describe` says of a later commit; None: it has none."""
    if HASH.fullmatch(version):
        return None
    if later := DESCRIBED.fullmatch(version):
        version = f"{later['tag']}.post{later['count']}"
    try:
        return Version(version)
    except InvalidVersion:
        return None


def is_release(tag: str) -> bool:
    """Whether a tag is the number of a release."""
    number = number_of(tag)
    return number is not None and not number.is_prerelease and not DESCRIBED.fullmatch(tag)


def without_credentials(text: str) -> str:
    """A text with URLs, without user names and passwords in them."""
    return re.sub(r"(?<=://)[^/@\s]+@", "", text)


def _address(url: str) -> str:
    """What git calls the place, for the short forms that Copier takes."""
    for short, long in {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}.items():
        if url.startswith(short):
            url = long + url.removeprefix(short).removeprefix("/")
    return url.removeprefix("git+")


def _key(address: str) -> str:
    return hashlib.sha256(without_credentials(address).encode()).hexdigest()[:32]


def _fetch(address: str, path: Path) -> None:
    """Bring branches and tags here. What was here before stays, also when it is gone there."""
    if not (path / "HEAD").is_file():
        _prepare(path)
    try:
        _fetch_into(address, path)
    except GitError as error:
        if "lock" not in error.output:
            raise
        _fetch_into(address, path)  # another update has fetched the same meanwhile


def _fetch_into(address: str, path: Path) -> None:
    git = Git(path, "gc.auto=0", "maintenance.auto=false", "fetch.prune=false")
    git("fetch", "--quiet", "--no-tags", "--", address, *REFS)


def _prepare(path: Path) -> None:
    """An empty repository, there at once and whole, also when two updates make it at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        Git(path.parent)("init", "--quiet", "--bare", name + "/new.git")
        if path.exists() and not (path / "HEAD").is_file():
            shutil.rmtree(path)
        try:
            (Path(name) / "new.git").rename(path)
        except OSError:
            if not (path / "HEAD").is_file():
                raise
