"""`richtfest cost`: what a repository costs per month, item by item."""

import json
import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from richtfest import answers as given
from richtfest.prices import bill as bills
from richtfest.prices.data import STALE_AFTER_DAYS, Cloud, PricesError, clouds

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
        "stale": "They are older than {days} days: see the cloud's own list, or take a newer richtfest.",
        "sold_out": "{type} was sold out at that date.",
        "without": "Not included: VAT, the domain, mail, traffic beyond what the cloud includes, and what CI and the "
        "registry of images cost beyond their free share.",
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
        "stale": "Sie sind älter als {days} Tage: seht in der Liste der Cloud nach, oder nehmt ein neueres richtfest.",
        "sold_out": "{type} war an diesem Tag ausverkauft.",
        "without": "Nicht enthalten: Umsatzsteuer, die Domain, Mail, Datenverkehr über dem, was die Cloud einschließt, "
        "was CI und Image-Registry über ihren freien Anteil hinaus kosten.",
        "unavailable": "nicht im Angebot",
    },
}


@click.command("cost")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("-d", "--data", "pairs", multiple=True, metavar="NAME=VALUE", help="The price of other answers.")
@click.option("--compare", is_flag=True, help="All clouds side by side.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def command(path: Path | None, pairs: tuple[str, ...], compare: bool, as_json: bool) -> None:
    """Say what the repository in PATH costs per month; without one, what the default answers cost."""
    answers = given.collect(pairs, None)
    try:
        if path is not None:
            answers = bills.read_answers(path) | answers
        words = WORDS[answers.get("language") or _language()]
        if compare:
            told = {key: _or_none({**_portable(answers), "cloud": key}) for key in clouds()}
            click.echo(_json(*filter(None, told.values())) if as_json else _side_by_side(told, words, date.today()))
            return
        bill = bills.of_repository(path) if path is not None and not pairs else bills.of_answers(answers)
    except (bills.UnknownPrice, PricesError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(_json(bill) if as_json else _one(bill, words, date.today()))


def _portable(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that mean the same at every cloud."""
    return {name: answers[name] for name in ("environments", "database") if name in answers}


def _or_none(answers: Mapping[str, Any]) -> bills.Bill | None:
    try:
        return bills.of_answers(answers)
    except bills.UnknownPrice:
        return None


def _one(bill: bills.Bill, words: Mapping[str, str], today: date) -> str:
    language = _of(words)
    lines = [words["title"].format(cloud=bill.cloud.name), ""]
    for item in bill.items:
        label = words[item.what] + (f" ({item.detail})" if item.detail else "")
        note = f"  {item.note[language]}" if language in item.note else ""
        lines.append(f"  {label:44} {_money(item.amount, language):>9}{note}")
    lines += [f"  {words['total']:44} {_money(bill.total, language):>9}", ""]
    lines += _dated(bill.cloud, words, today)
    lines += [
        words["sold_out"].format(type=kind)
        for kind, server in bill.cloud.servers.items()
        if not server.orderable and any(item.detail.endswith(f", {kind}") for item in bill.items)
    ]
    return "\n".join([*lines, words["without"]])


def _side_by_side(told: Mapping[str, bills.Bill | None], words: Mapping[str, str], today: date) -> str:
    language = _of(words)
    found = {item.what for bill in told.values() if bill for item in bill.items}
    kinds = [word for word in words if word in found]
    lines = [f"{words['compare']:28}" + "".join(f"{clouds()[key].name:>16}" for key in told), ""]
    types = [bill.cloud.default if bill else words["unavailable"] for bill in told.values()]
    lines.append(f"  {'':26}" + "".join(f"{kind:>16}" for kind in types))
    for kind in kinds:
        sums = [
            sum((item.amount for item in bill.items if item.what == kind), Decimal("0.00")) if bill else None
            for bill in told.values()
        ]
        lines.append(f"  {words[kind]:26}" + "".join(f"{_money(amount, language):>16}" for amount in sums))
    totals = [bill.total if bill else None for bill in told.values()]
    lines += [f"  {words['total']:26}" + "".join(f"{_money(amount, language):>16}" for amount in totals), ""]
    for key in told:
        lines += _dated(clouds()[key], words, today)
    return "\n".join([*lines, words["without"]])


def _dated(cloud: Cloud, words: Mapping[str, str], today: date) -> list[str]:
    lines = [words["dated"].format(cloud=cloud.name, date=cloud.date.isoformat(), source=cloud.source)]
    if cloud.is_stale(today):
        lines.append(words["stale"].format(days=STALE_AFTER_DAYS))
    return lines


def _json(*told: bills.Bill) -> str:
    return json.dumps(
        [
            {
                "cloud": bill.cloud.key,
                "currency": "EUR",
                "net": True,
                "date": bill.cloud.date.isoformat(),
                "total": str(bill.total),
                "items": [{"what": i.what, "detail": i.detail, "amount": str(i.amount)} for i in bill.items],
            }
            for bill in told
        ],
        indent=2,
    )


def _money(amount: Decimal | None, language: str) -> str:
    if amount is None:
        return "-"
    return f"{amount:.2f}".replace(".", ",") if language == "de" else f"{amount:.2f}"


def _of(words: Mapping[str, str]) -> str:
    return next(language for language, known in WORDS.items() if known is words)


def _language() -> str:
    return "de" if os.environ.get("LANG", "").startswith("de") else "en"
