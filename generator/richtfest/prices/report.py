"""A bill in words: for a person, cloud beside cloud, and for scripts."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from richtfest.prices.bill import Bill, Item, UnknownPrice
from richtfest.prices.data import STALE_AFTER_DAYS, clouds

WORDS = {
    "en": {
        "title": "EUR net per month at {cloud}",
        "compare": "EUR net per month",
        "server": "server",
        "root_disk": "disk of the server",
        "ipv4": "IPv4 address",
        "volume": "data volume",
        "backups": "daily copies of the disk",
        "database": "managed PostgreSQL",
        "state": "storage of the state",
        "total": "total",
        "dated": "Prices of {cloud}: {date}, from {source}.",
        "deviating": "  {what}: {date}, from {source}.",
        "region": "Those of {others} may differ.",
        "stale": "The oldest, of {date}, is older than {days} days: see the cloud's own list, or take a newer "
        "richtfest.",
        "sold_out": "{type} was sold out at that date.",
        "without": "Not included: VAT, the domain, mail, traffic beyond what the cloud includes, and what CI and the "
        "registry of images cost beyond their free share.",
        "beyond": "Not included either: {what}.",
        "unavailable": "not offered",
    },
    "de": {
        "title": "EUR netto im Monat bei {cloud}",
        "compare": "EUR netto im Monat",
        "server": "Server",
        "root_disk": "Platte des Servers",
        "ipv4": "IPv4-Adresse",
        "volume": "Datenvolume",
        "backups": "tägliche Kopien der Platte",
        "database": "PostgreSQL der Cloud",
        "state": "Ablage des State",
        "total": "Summe",
        "dated": "Preise von {cloud}: {date}, aus {source}.",
        "deviating": "  {what}: {date}, aus {source}.",
        "region": "Die von {others} können andere sein.",
        "stale": "Der älteste, vom {date}, ist älter als {days} Tage: seht in der Liste der Cloud nach, oder nehmt ein "
        "neueres richtfest.",
        "sold_out": "{type} war an diesem Tag ausverkauft.",
        "without": "Nicht enthalten: Umsatzsteuer, die Domain, Mail, Datenverkehr über dem, was die Cloud einschließt, "
        "was CI und Image-Registry über ihren freien Anteil hinaus kosten.",
        "beyond": "Auch nicht enthalten: {what}.",
        "unavailable": "gibt es nicht",
    },
}


def one(bill: Bill, language: str, today: date) -> str:
    """One bill, item by item, with where its prices are from and what is not in them."""
    words = WORDS[language]
    lines = [words["title"].format(cloud=bill.cloud.name), ""]
    for item in bill.items:
        label = words[item.what] + (f" ({item.detail})" if item.detail else "")
        note = f"  {item.price.note[language]}" if item.price.note else ""
        lines.append(f"  {label:44} {_money(item.amount, language):>9}{note}")
    lines += [f"  {words['total']:44} {_money(bill.total, language):>9}", ""]
    lines += _dated(bill, language, today)
    lines += [
        words["sold_out"].format(type=kind)
        for kind, server in bill.cloud.servers.items()
        if not server.orderable and any(item.detail.endswith(f", {kind}") for item in bill.items)
    ]
    return "\n".join([*lines, words["without"], *_beyond([bill], language)])


def side_by_side(told: Mapping[str, Bill | UnknownPrice], language: str, today: date) -> str:
    """A column for each cloud by its key; a cloud without a bill says why."""
    words = WORDS[language]
    bills = {key: bill for key, bill in told.items() if isinstance(bill, Bill)}
    lines = [f"{words['compare']:28}" + "".join(f"{clouds()[key].name:>16}" for key in told), ""]
    types = [clouds()[key].default if key in bills else words["unavailable"] for key in told]
    lines.append(f"  {'':26}" + "".join(f"{kind:>16}" for kind in types))
    found = {item.what for bill in bills.values() for item in bill.items}
    for kind in (word for word in words if word in found):
        sums = [_sum(bills[key], kind) if key in bills else None for key in told]
        lines.append(f"  {words[kind]:26}" + "".join(f"{_money(amount, language):>16}" for amount in sums))
    totals = [bills[key].total if key in bills else None for key in told]
    lines += [f"  {words['total']:26}" + "".join(f"{_money(amount, language):>16}" for amount in totals), ""]
    for bill in bills.values():
        lines += _dated(bill, language, today)
    return "\n".join([*lines, words["without"], *_beyond(bills.values(), language)])


def as_json(told: Mapping[str, Bill | UnknownPrice], today: date) -> str:
    """A list with an object for each cloud; where there is no bill, `total` is null and `reason` says why."""
    return json.dumps([_object(key, bill, today) for key, bill in told.items()], indent=2)


def _object(key: str, bill: Bill | UnknownPrice, today: date) -> dict[str, Any]:
    about = {"cloud": key, "currency": "EUR", "net": True}
    if isinstance(bill, UnknownPrice):
        return about | {"total": None, "reason": str(bill), "items": []}
    cloud = bill.cloud
    return about | {
        "date": cloud.date.isoformat(),
        "source": cloud.source["en"],
        "region": cloud.region,
        "oldest": bill.oldest.isoformat(),
        "stale": bill.is_stale(today),
        "total": str(bill.total),
        "items": [
            {
                "what": item.what,
                "detail": item.detail,
                "amount": str(item.amount),
                "date": item.price.date.isoformat(),
                "source": item.price.source["en"],
                "note": item.price.note.get("en", ""),
            }
            for item in bill.items
        ],
    }


def _dated(bill: Bill, language: str, today: date) -> list[str]:
    words, cloud = WORDS[language], bill.cloud

    def of(item: Item) -> str:
        price = item.price
        return words["deviating"].format(what=words[item.what], date=price.date, source=price.source[language])

    place = f"{cloud.name} ({cloud.region})" if cloud.region else cloud.name
    lines = [words["dated"].format(cloud=place, date=cloud.date, source=cloud.source[language])]
    lines += dict.fromkeys(of(item) for item in bill.deviating())  # two servers, one price
    others = sorted(bill.regions - {cloud.region, ""})
    if cloud.region and others:
        lines.append(words["region"].format(others=", ".join(others)))
    if bill.is_stale(today):
        lines.append(words["stale"].format(date=bill.oldest, days=STALE_AFTER_DAYS))
    return lines


def _beyond(bills: Iterable[Bill], language: str) -> list[str]:
    """What the managed databases of these bills cost besides."""
    return [
        WORDS[language]["beyond"].format(what=bill.cloud.managed_postgres.beyond[language])
        for bill in bills
        if any(item.what == "database" for item in bill.items)
    ]


def _sum(bill: Bill, kind: str) -> Decimal:
    return sum((item.amount for item in bill.items if item.what == kind), Decimal("0.00"))


def _money(amount: Decimal | None, language: str) -> str:
    if amount is None:
        return "-"
    return f"{amount:.2f}".replace(".", ",") if language == "de" else f"{amount:.2f}"
