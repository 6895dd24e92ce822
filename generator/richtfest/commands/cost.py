"""`richtfest cost`: what a repository costs per month, item by item."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from richtfest import answers as given
from richtfest import questionnaire
from richtfest.prices import bill as bills
from richtfest.prices import report
from richtfest.prices.data import PricesError, clouds
from richtfest.template import ANSWERS_FILE


@click.command("cost")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("-d", "--data", "pairs", multiple=True, metavar="NAME=VALUE", help="The price of other answers.")
@click.option("--compare", is_flag=True, help="All clouds side by side, each with its default server.")
@click.option("--json", "as_json", is_flag=True, help="For scripts, in English.")
def command(path: Path | None, pairs: tuple[str, ...], compare: bool, as_json: bool) -> None:
    """Say what the repository in PATH costs per month.

    Without PATH: the repository in this folder, or what the default answers cost where there is none.
    """
    if path is None and Path(ANSWERS_FILE).is_file():
        path = Path()
    try:
        recorded = bills.read_answers(path) if path is not None else {}
        answers = given.collect(pairs, None, recorded=recorded, complete=not compare)
        known = questionnaire.settled(given.changed(recorded, answers))
        told: dict[str, bills.Bill | bills.UnknownPrice]
        if compare:
            _require_portable(answers)
            told = {cloud: _bill_or_reason(_portable(known) | {"cloud": cloud}) for cloud in clouds()}
        else:
            bill = bills.of_repository(path, answers) if path is not None else bills.of_answers(known)
            told = {bill.cloud.key: bill}
    except (bills.UnknownPrice, PricesError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(report.as_json(told, date.today()))
    elif compare:
        click.echo(report.side_by_side(told, known["language"], date.today()))
    else:
        click.echo(report.one(bill, known["language"], date.today()))


def _require_portable(answers: Mapping[str, Any]) -> None:
    if bound := [name for name in ("cloud", *given.OF_ONE_CLOUD) if name in answers]:
        raise click.ClickException(
            f"{bound[0]} belongs to one cloud and --compare is about all: leave out "
            f"-d {bound[0]}={answers[bound[0]]}, or --compare"
        )


def _portable(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that mean the same at every cloud."""
    return {name: answers[name] for name in ("environments", "database")}


def _bill_or_reason(answers: Mapping[str, Any]) -> bills.Bill | bills.UnknownPrice:
    try:
        return bills.of_answers(answers)
    except bills.UnknownPrice as reason:
        return reason
