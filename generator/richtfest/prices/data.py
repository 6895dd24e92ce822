"""The dated prices that the template carries: templates/prices.yml, read and checked."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from richtfest import template

STALE_AFTER_DAYS = 90
"""Clouds changed their prices three times in 2026: what is older than a quarter is said to be."""


class PricesError(Exception):
    """The file of prices cannot be used. The message is one sentence for a person."""


@dataclass(frozen=True)
class Price:
    """One price in EUR net. `date` is when it was read, `note` a sentence by language."""

    amount: Decimal
    date: date
    note: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Server:
    """A server type: its price per month, cores, memory in GB, a root disk in GB that costs extra (0: included)."""

    price: Price
    cores: int
    memory: int
    root_disk_gb: int = 0
    orderable: bool = True


@dataclass(frozen=True)
class Cloud:
    """The prices of one cloud. What is None is not for sale there."""

    key: str
    name: str
    date: date
    source: str
    default: str
    servers: dict[str, Server]
    ipv4: Price | None
    volume_gb: Price
    backup_percent: Price | None
    state: Price
    managed_postgres: Price | None

    def is_stale(self, today: date) -> bool:
        """Whether the prices are older than STALE_AFTER_DAYS."""
        return (today - self.date).days > STALE_AFTER_DAYS


def path() -> Path:
    """The file of the template on this machine."""
    return template.locate().path / "templates" / "prices.yml"


@cache
def clouds() -> dict[str, Cloud]:
    """The prices of every cloud, in the order of the file.

    Raises:
        PricesError: the file is missing or broken.
    """
    return read(path().read_text("utf-8"))


def read(text: str) -> dict[str, Cloud]:
    """Read the text of a file of prices.

    Raises:
        PricesError: it is no YAML, lacks a price, or holds one that is no number.
    """
    try:
        told = yaml.safe_load(text)
        return {key: _cloud(key, prices) for key, prices in told.items()}
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, InvalidOperation) as error:
        raise PricesError(f"the file of prices cannot be used ({error!r}): install richtfest again") from error


def _cloud(key: str, told: dict[str, Any]) -> Cloud:
    def price(name: str) -> Price | None:
        return _price(told[name], told["date"]) if told[name] else None

    return Cloud(
        key=key,
        name=told["name"],
        date=told["date"],
        source=told["source"],
        default=told["default"],
        servers={name: _server(server, told["date"]) for name, server in told["servers"].items()},
        ipv4=price("ipv4"),
        volume_gb=_price(told["volume_gb"], told["date"]),
        backup_percent=price("backup_percent"),
        state=_price(told["state"], told["date"]),
        managed_postgres=price("managed_postgres"),
    )


def _server(told: dict[str, Any], read_on: date) -> Server:
    price = _price(told, read_on)
    return Server(price, told["cores"], told["memory"], told.get("root_disk_gb", 0), told.get("orderable", True))


def _price(told: dict[str, Any], read_on: date) -> Price:
    return Price(Decimal(told["price"]), told.get("date", read_on), told.get("note", {}))
