"""`richtfest check`: put every generated file before the real tool that will read it."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click


@click.command("check")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
@click.option("--json", "as_json", is_flag=True, help="Print the outcomes for a program.")
@click.option("--strict", is_flag=True, help="What could not be checked counts as failed.")
def command(path: Path, as_json: bool, strict: bool) -> None:
    """Put every generated file of the repository in PATH before the real tool that will read it.

    Exit code 0: nothing failed. 1: something failed, or, with --strict, was not checked.
    """
    from richtfest.checks import ALL  # slow to import
    from richtfest.checks.outcome import FAILED, NOT_CHECKED

    repository = path.resolve()
    outcomes = []
    with ThreadPoolExecutor(max_workers=4) as pool:
        for found in pool.map(lambda check: check(repository), ALL):
            outcomes += found if isinstance(found, list) else [found]
    if not as_json:
        _print_table(outcomes)
    else:
        click.echo(json.dumps([outcome.as_dict() for outcome in outcomes], indent=2))
    bad = {FAILED, NOT_CHECKED} if strict else {FAILED}
    sys.exit(1 if any(outcome.status in bad for outcome in outcomes) else 0)


def _print_table(outcomes: list) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    colours = {"ok": "green", "failed": "bold red", "not checked": "yellow"}
    console = Console()
    table = Table("check", "tool", "result", "", box=None, pad_edge=False)
    for outcome in outcomes:
        reason = outcome.detail if outcome.status == "not checked" else ""
        table.add_row(outcome.check, outcome.tool, Text(outcome.status, colours[outcome.status]), Text(reason))
    console.print(table)
    for outcome in outcomes:
        if outcome.status == "failed":
            console.print(Text(f"\n{outcome.check}: {outcome.tool} says", "bold red"))
            console.print(Text(outcome.detail))
    counts = {status: sum(outcome.status == status for outcome in outcomes) for status in colours}
    console.print("\n" + ", ".join(f"{count} {status}" for status, count in counts.items()))
