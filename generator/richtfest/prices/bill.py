"""The bill of one repository: line items in EUR net per month, and their exact sum."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from richtfest.answers import changed
from richtfest.prices.data import STALE_AFTER_DAYS, Cloud, Price
from richtfest.prices.environments import (
    Environment,
    UnknownPrice,
    cloud_of,
    environments_in,
    planned,
    read_answers,
)

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Item:
    """One line: what (a word of `report.WORDS`), its detail, EUR net per month, and the price behind it."""

    what: str
    detail: str
    amount: Decimal
    price: Price


@dataclass(frozen=True)
class Bill:
    """What a repository costs per month, EUR net. `total` is the sum of the items, to the cent."""

    cloud: Cloud
    items: list[Item]
    regions: frozenset[str]

    @property
    def total(self) -> Decimal:
        """The sum of the line items."""
        return sum((item.amount for item in self.items), Decimal("0.00"))

    @property
    def oldest(self) -> date:
        """When the oldest price of this bill was read."""
        return min(item.price.date for item in self.items)

    @property
    def newest(self) -> date:
        """When the newest price of this bill was read."""
        return max(item.price.date for item in self.items)

    def is_stale(self, today: date) -> bool:
        """Whether a price of this bill is older than STALE_AFTER_DAYS."""
        return (today - self.oldest).days > STALE_AFTER_DAYS

    def deviating(self) -> list[Item]:
        """The items whose price was read at another time or place than the cloud's list."""
        cloud = self.cloud
        return [item for item in self.items if (item.price.date, item.price.source) != (cloud.date, cloud.source)]


def of_answers(answers: Mapping[str, Any]) -> Bill:
    """The bill of a repository that does not exist yet; what is not answered has its default.

    Raises:
        UnknownPrice: the cloud does not offer that database, or the server type has no known price.
    """
    return _bill(answers, planned(answers))


def of_repository(repository: Path, changes: Mapping[str, Any] | None = None) -> Bill:
    """The bill of a generated repository: its answers, and what terraform/environments says by now.

    Args:
        repository: its folder.
        changes: answers that it might have instead; what was edited beside them counts as it is.

    Raises:
        UnknownPrice: the folder is no generated repository, or a type has no known price.
    """
    recorded, changes = read_answers(repository), changes or {}
    return _bill(changed(recorded, changes), environments_in(repository, recorded, changes))


def _bill(answers: Mapping[str, Any], environments: list[Environment]) -> Bill:
    cloud = cloud_of(answers)
    database = answers.get("database", "none")
    items = [item for environment in environments for item in _of_environment(cloud, environment, database)]
    items.append(_item("state", "", cloud.state))
    return Bill(cloud, items, frozenset(environment.region for environment in environments))


def _of_environment(cloud: Cloud, environment: Environment, database: str) -> list[Item]:
    server = cloud.servers.get(environment.server_type)
    if server is None:
        raise UnknownPrice(
            f"there is no price of the server type {environment.server_type} at {cloud.name}; "
            f"known are {', '.join(cloud.servers)}"
        )
    name = environment.name
    items = [_item("server", f"{name}, {environment.server_type}", server.price)]
    if server.root_disk_gb:
        items.append(_item("root_disk", f"{name}, {server.root_disk_gb} GB", cloud.volume_gb, server.root_disk_gb))
    if cloud.ipv4:
        items.append(_item("ipv4", name, cloud.ipv4))
    if environment.volume_size:
        size = environment.volume_size
        items.append(_item("volume", f"{name}, {size} GB", cloud.volume_gb, size))
    if environment.backups and cloud.backup_percent:
        share = cloud.backup_percent.amount
        oldest = min(server.price, cloud.backup_percent, key=lambda price: price.date)
        items.append(Item("backups", f"{name}, {share} %", _cents(server.price.amount * share / 100), oldest))
    if database == "managed":
        items.append(_database(cloud, environment))
    return items


def _database(cloud: Cloud, environment: Environment) -> Item:
    offered = cloud.managed_postgres
    if offered is None:
        raise UnknownPrice(f"{cloud.name} has no managed PostgreSQL: answer database with postgres or none")
    if environment.database_type != offered.type:
        raise UnknownPrice(
            f"there is no price of the database type {environment.database_type} at {cloud.name}; "
            f"known is {offered.type}"
        )
    return _item("database", f"{environment.name}, {offered.type}", offered.price)


def _item(what: str, detail: str, price: Price, times: int = 1) -> Item:
    return Item(what, detail, _cents(price.amount * times), price)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
