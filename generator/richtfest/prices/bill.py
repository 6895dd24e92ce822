"""The bill of one repository: line items in EUR net per month, and their exact sum."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import yaml

from richtfest.prices.data import Cloud, clouds

CENT = Decimal("0.01")
DATA_VOLUME_GB = 20
"""The data volume for a database on the server, or for the copies of a managed one."""


class UnknownPrice(Exception):
    """A bill cannot be written. The message is one sentence for a person."""


@dataclass(frozen=True)
class Item:
    """One line: what (a word of WORDS in `commands.cost`), its detail, EUR net per month, a note by language."""

    what: str
    detail: str
    amount: Decimal
    note: Mapping[str, str]


@dataclass(frozen=True)
class Bill:
    """What a repository costs per month, EUR net. `total` is the sum of the items, to the cent."""

    cloud: Cloud
    items: list[Item]

    @property
    def total(self) -> Decimal:
        """The sum of the line items."""
        return sum((item.amount for item in self.items), Decimal("0.00"))


@dataclass(frozen=True)
class Environment:
    """What of an environment costs money; volume in GB, 0: none."""

    name: str
    server_type: str
    volume_size: int
    backups: bool


def of_repository(repository: Path) -> Bill:
    """The bill of a generated repository: its answers, and what terraform/environments says by now.

    Raises:
        UnknownPrice: the folder is no generated repository, or its server type has no known price.
    """
    answers = read_answers(repository)
    environments = []
    for file in sorted((repository / "terraform" / "environments").glob("*.tfvars.json")):
        name = file.name.removesuffix(".tfvars.json")
        try:
            told = json.loads(file.read_text("utf-8"))
            size, backups = told.get("volume_size", 0), told.get("backups", False)
            environments.append(Environment(name, told["server_type"], size, backups))
        except (OSError, ValueError, AttributeError, KeyError) as error:
            raise UnknownPrice(f"{file} is no JSON with a server_type ({error!r}): mend it first") from error
    return _bill(_cloud(answers), environments, answers.get("database", "none"))


def _cloud(answers: Mapping[str, Any]) -> Cloud:
    cloud = answers.get("cloud", "hetzner")
    if cloud not in clouds():
        raise UnknownPrice(f"there are no prices of the cloud {cloud}; known are {', '.join(clouds())}")
    return clouds()[cloud]


def read_answers(repository: Path) -> dict[str, Any]:
    """The recorded answers of a generated repository.

    Raises:
        UnknownPrice: there are none.
    """
    file = repository / ".copier-answers.yml"
    try:
        return dict(yaml.safe_load(file.read_text("utf-8")))
    except (OSError, TypeError, ValueError, yaml.YAMLError) as error:
        raise UnknownPrice(
            f"{repository} holds no repository that richtfest made ({file.name} cannot be read): name its folder, "
            "or ask for a price without one: richtfest cost --compare"
        ) from error


def of_answers(answers: Mapping[str, Any]) -> Bill:
    """The bill of a repository that does not exist yet; what is not answered has its default.

    Raises:
        UnknownPrice: the cloud does not offer that database, or the server type has no known price.
    """
    cloud = _cloud(answers)
    database = answers.get("database", "none")
    volume = DATA_VOLUME_GB if database != "none" else 0
    staged = answers.get("environments") == "staging_production"
    server_type = answers.get("server_type") or cloud.default
    names = ["production", "staging"] if staged else ["production"]
    return _bill(cloud, [Environment(name, server_type, volume, False) for name in names], database)


def _bill(cloud: Cloud, environments: list[Environment], database: str) -> Bill:
    items = [item for environment in environments for item in _of_environment(cloud, environment, database)]
    items.append(Item("state", "", _cents(cloud.state.amount), cloud.state.note))
    return Bill(cloud, items)


def _of_environment(cloud: Cloud, environment: Environment, database: str) -> list[Item]:
    server = cloud.servers.get(environment.server_type)
    if server is None:
        raise UnknownPrice(
            f"there is no price of the server type {environment.server_type} at {cloud.name}; "
            f"known are {', '.join(cloud.servers)}"
        )
    name = environment.name
    items = [Item("server", f"{name}, {environment.server_type}", _cents(server.price.amount), {})]
    if server.root_disk_gb:
        size = server.root_disk_gb
        items.append(Item("root_disk", f"{name}, {size} GB", _cents(cloud.volume_gb.amount * size), {}))
    if cloud.ipv4:
        items.append(Item("ipv4", name, _cents(cloud.ipv4.amount), {}))
    if environment.volume_size:
        size = environment.volume_size
        items.append(Item("volume", f"{name}, {size} GB", _cents(cloud.volume_gb.amount * size), {}))
    if environment.backups and cloud.backup_percent:
        share = cloud.backup_percent.amount
        items.append(Item("backups", f"{name}, {share} %", _cents(server.price.amount * share / 100), {}))
    if database == "managed":
        if cloud.managed_postgres is None:
            raise UnknownPrice(f"{cloud.name} has no managed PostgreSQL: answer database with postgres or none")
        items.append(Item("database", name, _cents(cloud.managed_postgres.amount), {}))
    return items


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
