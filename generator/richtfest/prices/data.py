"""The dated prices that the template carries: templates/prices.yml, read and checked."""

from collections.abc import Mapping
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
    """One price in EUR net. `date` is when it was read, `source` where; `source` and `note` are words by language."""

    amount: Decimal
    date: date
    source: Mapping[str, str]
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Server:
    """A server type: its price per month, cores, memory in GB, a root disk in GB that costs extra (0: included)."""

    price: Price
    cores: int
    memory: int
    root_disk_gb: int = 0
    orderable: bool = True


@dataclass(frozen=True)
class Database:
    """A PostgreSQL that a cloud runs: its type, its price, and what it costs beyond that, by language."""

    type: str
    price: Price
    beyond: Mapping[str, str]


@dataclass(frozen=True)
class Cloud:
    """The prices of one cloud and, unless their source names none, the region. What else is None is not for sale."""

    key: str
    name: str
    date: date
    source: Mapping[str, str]
    region: str | None
    default: str
    servers: dict[str, Server]
    ipv4: Price | None
    volume_gb: Price
    backup_percent: Price | None
    state: Price
    managed_postgres: Database | None


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
    def price(entry: dict[str, Any]) -> Price:
        source = _in_languages(entry.get("source", told["source"]))
        return Price(Decimal(entry["price"]), entry.get("date", told["date"]), source, entry.get("note", {}))

    def perhaps(name: str) -> Price | None:
        return price(told[name]) if told[name] else None

    def server(entry: dict[str, Any]) -> Server:
        root_disk_gb, orderable = entry.get("root_disk_gb", 0), entry.get("orderable", True)
        return Server(price(entry), entry["cores"], entry["memory"], root_disk_gb, orderable)

    database = told["managed_postgres"]
    return Cloud(
        key=key,
        name=told["name"],
        date=told["date"],
        source=_in_languages(told["source"]),
        region=told["region"],
        default=told["default"],
        servers={name: server(entry) for name, entry in told["servers"].items()},
        ipv4=perhaps("ipv4"),
        volume_gb=price(told["volume_gb"]),
        backup_percent=perhaps("backup_percent"),
        state=price(told["state"]),
        managed_postgres=Database(database["type"], price(database), database["beyond"]) if database else None,
    )


def _in_languages(words: str | dict[str, str]) -> dict[str, str]:
    return words if isinstance(words, dict) else {"en": words, "de": words}
