"""The list of a fleet: which repositories there are, each as a folder or an address of git."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DEFAULT = "fleet.yml"
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://.+|[^/\\:]{2,}:.+")
"""What git fetches from: https://..., ssh://..., git@host:path. A drive of Windows has one letter."""


class ListError(Exception):
    """The list cannot be used. The message is one sentence for a person."""


@dataclass(frozen=True)
class Member:
    """One repository of the fleet: `where` is an address of git, or the absolute path of a folder."""

    name: str
    where: str

    @property
    def is_remote(self) -> bool:
        """Whether it has to be fetched."""
        return is_address(self.where)


def is_address(where: str) -> bool:
    """Whether git has to fetch from there; everything else is a folder."""
    return ADDRESS.fullmatch(where) is not None


def read(file: Path) -> list[Member]:
    """The members of the fleet, in the order of the file. A folder counts from the folder of the file.

    Raises:
        ListError: the file cannot be read, says something else, or names a repository twice.
    """
    try:
        told = yaml.safe_load(file.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ListError(f"there is no {file}: write the list of your repositories, or name it with --file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ListError(f"{file} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ListError(f"{file} is no valid YAML" + (f" at line {mark.line + 1}" if mark else "")) from error
    entries = told.get("repositories") if isinstance(told, dict) else None
    if not isinstance(entries, list) or not entries or len(told) > 1:
        raise ListError(f"{file} must hold one list, `repositories:`, and nothing else")
    members = [_member(entry, file) for entry in entries]
    _require_once([member.where for member in members], file)
    _require_once([member.name for member in members], file)
    return members


def _member(entry: Any, file: Path) -> Member:
    if isinstance(entry, dict):
        for word in entry:
            if word not in ("repository", "name"):
                raise ListError(f"{word!r} in {file} says nothing about a repository; there are repository and name")
        where, name = entry.get("repository"), entry.get("name")
    else:
        where, name = entry, None
    if not isinstance(where, str) or not where.strip() or not isinstance(name, str | None):
        raise ListError(f"{entry!r} in {file} is neither a folder nor an address of git")
    if is_address(where):
        if re.search(r"://[^/@]*:[^/]*@", where):
            raise ListError(f"an address in {file} holds a password: take it out, git asks its own store for it")
    else:
        where = str((file.parent / Path(where).expanduser()).resolve())
    return Member((name or _last_part(where)).strip(), where)


def _last_part(where: str) -> str:
    return re.split(r"[/\\:]", where.rstrip("/\\"))[-1].removesuffix(".git")


def _require_once(texts: list[str], file: Path) -> None:
    if twice := next((text for text in texts if texts.count(text) > 1), None):
        raise ListError(
            f"{twice} stands in {file} more than once: name each repository once, give two of one name a name"
        )
