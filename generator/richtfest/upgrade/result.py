"""What an update did, as data: words and JSON are both made from it."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

UPDATED, CONFLICTS, REFUSED = 0, 3, 4
"""Exit codes: brought up to date (or nothing was new), conflicts are left to resolve, refused and unchanged."""


@dataclass(frozen=True)
class Conflict:
    """A file of which both sides changed the same lines, or in ways that exclude each other.

    `kind` is `content` (markers in the file), `binary` (the file is the team's; git has both), `both_added` (markers),
    or `path` (one side needs a folder, a link or a file where the other has something else).
    """

    path: str
    kind: str


@dataclass(frozen=True)
class Saved:
    """The team's version of a file that the new version of the template has no place for.

    `why` is `deleted` (the template has no such file any more), `renamed` (it is called otherwise) or `replaced`.
    """

    path: str
    place: str
    why: str


@dataclass(frozen=True)
class Updated:
    """The outcome of an update; all paths are relative to `repository`, with slashes, sorted.

    Attributes:
        repository: the folder that holds the answers file.
        from_version: tag of the template that the repository came from.
        to_version: tag that it is at now.
        changed: false when there was nothing new; all lists are empty then.
        dry_run: true when nothing was written.
        changelog: what the changelog of the template says, number of each version between to entries; None: unreadable.
        by_hand: what the template's MIGRATING.md says must be done by hand, the number of each version to its text.
        updated: files that the update changed.
        added: files that are new.
        deleted: files that are gone.
        renamed: files that have a new name, old name to new; the team's edits are in the new one.
        conflicts: what is left to resolve.
        saved: versions of the team's files that had to leave their place.
        kept_deleted: files that the team had deleted and the new version has changed; they stay deleted.
        answers: answers that changed, name to (old, new): those given, and those that follow from them.
        branch: the branch on which the update was committed; None: it is in the work tree, staged.
        commit: the commit on that branch.
        language: en or de, from the answers.
        give_up: the command that takes everything back; empty when there is nothing to take back.
        repaired: true when an interrupted update was taken back first.
    """

    repository: Path
    from_version: str
    to_version: str
    changed: bool = True
    dry_run: bool = False
    changelog: dict[str, list[str]] | None = None
    by_hand: dict[str, str] = field(default_factory=dict)
    updated: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    saved: list[Saved] = field(default_factory=list)
    kept_deleted: list[str] = field(default_factory=list)
    answers: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    branch: str | None = None
    commit: str | None = None
    language: str = "en"
    give_up: str = ""
    repaired: bool = False

    @property
    def exit_code(self) -> int:
        """0, or 3 when conflicts are left."""
        return CONFLICTS if self.conflicts else UPDATED

    def as_dict(self) -> dict[str, Any]:
        """The same for a program, ready for JSON."""
        return asdict(self) | {"repository": str(self.repository), "exit_code": self.exit_code}
