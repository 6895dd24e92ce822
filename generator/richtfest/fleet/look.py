"""What state a member of the fleet is in: version, edited files, checks, price."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from richtfest.checks.outcome import FAILED, NOT_CHECKED
from richtfest.fleet import checkout
from richtfest.fleet.listing import Member
from richtfest.prices.bill import UnknownPrice, of_repository
from richtfest.prices.data import PricesError
from richtfest.upgrade import Refused
from richtfest.upgrade.drift import drift
from richtfest.upgrade.git import Git, GitError
from richtfest.upgrade.story import look as look_for_newer


@dataclass(frozen=True)
class Checks:
    """The last time that `richtfest check` ran over a member: when, over which commit, and what it found."""

    date: str
    commit: str
    failed: int
    not_checked: int


@dataclass(frozen=True)
class State:
    """What is known of a member. `problem` is why the rest is not known; None elsewhere: not known.

    Attributes:
        name: of the member.
        where: its folder or address.
        version: of the template that it is at.
        latest: version of the template that there is.
        edited: files of the template that the team has changed or deleted.
        uncommitted: files that are not committed.
        checks: what `richtfest check` said last.
        checks_current: whether that was said of the commit that is checked out now.
        price: EUR net per month.
        problem: one sentence.
        notes: why a single thing is not known.
    """

    name: str
    where: str
    version: str | None = None
    latest: str | None = None
    edited: int | None = None
    uncommitted: int = 0
    checks: Checks | None = None
    checks_current: bool = False
    price: Decimal | None = None
    problem: str = ""
    notes: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The same for a program, ready for JSON."""
        checks = vars(self.checks) | {"current": self.checks_current} if self.checks else None
        price = None if self.price is None else str(self.price)
        told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "checks_current"}
        return told | {"checks": checks, "price": price}


def look(member: Member, check: bool) -> State:
    """Look at a member; with `check` run `richtfest check`, too, which takes its time. Nothing in it is changed."""
    try:
        folder = checkout.have(member)
        newer = look_for_newer(folder)
        git = Git(folder)
        commit = git.text("rev-parse", "HEAD")
    except (checkout.Unreachable, Refused, GitError) as error:
        return State(member.name, member.where, problem=str(error))
    notes: list[str] = []
    if check:
        _remember(member, _check(folder, commit))
    checks = _remembered(member)
    return State(
        member.name,
        member.where,
        version=newer.from_version,
        latest=newer.to_version,
        edited=_edited(folder, notes),
        uncommitted=len(git.paths("status", "--porcelain", "-z", "--no-renames")),
        checks=checks,
        checks_current=checks is not None and checks.commit == commit,
        price=_price(folder, notes),
        notes=notes,
    )


def _edited(folder: Path, notes: list[str]) -> int | None:
    try:
        return len(drift(folder).of_template)
    except Refused as error:
        notes.append(str(error))
        return None


def _price(folder: Path, notes: list[str]) -> Decimal | None:
    try:
        return of_repository(folder).total
    except (UnknownPrice, PricesError) as error:
        notes.append(str(error))
        return None


def _check(folder: Path, commit: str) -> Checks:
    from richtfest.checks import ALL

    outcomes = []
    for check in ALL:
        found = check(folder)
        outcomes += found if isinstance(found, list) else [found]
    counts = [sum(outcome.status == status for outcome in outcomes) for status in (FAILED, NOT_CHECKED)]
    return Checks(datetime.now(UTC).date().isoformat(), commit, *counts)


def _remember(member: Member, checks: Checks) -> None:
    place = _place(member)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(vars(checks)), "utf-8")


def _remembered(member: Member) -> Checks | None:
    try:
        return Checks(**json.loads(_place(member).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _place(member: Member) -> Path:
    return checkout.cache() / "checks" / f"{checkout.place_of(member)}.json"
