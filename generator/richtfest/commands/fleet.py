"""`richtfest fleet`: many repositories, looked at and updated together."""

import json
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from richtfest.fleet.listing import DEFAULT, ListError, Member, read

if TYPE_CHECKING:
    from richtfest.fleet.look import State
    from richtfest.fleet.update import Prepared

FILE = click.option(
    "--file", type=click.Path(path_type=Path), help=f"The list of the repositories; otherwise {DEFAULT}."
)
JOBS = click.option(
    "--jobs", type=click.IntRange(1, 64), help="How many at the same time; otherwise one per processor."
)
JSON = click.option("--json", "as_json", is_flag=True, help="For scripts.")


@click.group("fleet", invoke_without_command=True)
@FILE
@JOBS
@JSON
@click.option("--check", is_flag=True, help="Run `richtfest check` over each; otherwise what it said last is shown.")
@click.pass_context
def command(context: click.Context, file: Path | None, jobs: int | None, as_json: bool, check: bool) -> None:
    """Say of each repository of a list: its version and the newest one, how many of its files were edited, what
    `richtfest check` said, and what it costs per month in EUR net.

    \b
    repositories:
      - ~/clients/acme/shop
      - repository: git@github.com:acme/blog.git
        name: Acme, blog

    Exit code 0: all could be looked at. 4: one could not.
    """
    if context.invoked_subcommand:
        context.obj = file, jobs, as_json
        return
    members = _members(file)
    from richtfest.fleet.look import look

    states = _together(members, partial(look, check=check), jobs, "looked at", quiet=as_json)
    told = [_known(member, states.get(member.name)) for member in members]
    click.echo(json.dumps([state.as_dict() for state in told], indent=2)) if as_json else _print_states(told)
    sys.exit(4 if any(state.problem for state in told) else 0)


@command.command("update")
@FILE
@JOBS
@JSON
@click.option("--to", metavar="VERSION", help="This version, such as v0.2.0; otherwise the newest.")
@click.option("--branch", metavar="NAME", help="Name of the branch in each; otherwise template-<version>.")
@click.option("--open", "wanted", is_flag=True, help="Push, and open a pull or merge request by gh or glab.")
@click.pass_context
def update(
    context: click.Context,
    file: Path | None,
    jobs: int | None,
    as_json: bool,
    to: str | None,
    branch: str | None,
    wanted: bool,
) -> None:
    """Prepare the update of each repository of the list as a branch; no checkout is touched, and nothing leaves this
    machine without --open.

    What an earlier run has prepared is found again. Ctrl-C takes all of it back, except what is published already.

    \b
    Exit code 0: all are prepared, or were the newest.
              3: some have conflicts to decide, in their branch.
              4: some were refused, or no request was opened for them; the reason stands below the table.
    """
    given_file, given_jobs, given_json = context.obj
    file, jobs, as_json = file or given_file, jobs or given_jobs, as_json or given_json
    members = _members(file)
    from richtfest.fleet.crew import ignore_interrupts
    from richtfest.fleet.update import prepare, take_back

    done: dict[str, Prepared] = {}
    try:
        _together(members, partial(prepare, to=to, branch=branch), jobs, "prepared", quiet=as_json, into=done)
    except KeyboardInterrupt:
        ignore_interrupts()
        for one in done.values():
            take_back(one)
        click.echo("Interrupted: every repository is as it was.", err=True)
        sys.exit(130)
    told = [_prepared(member, done[member.name]) for member in members]
    if wanted:
        told = _open(told, quiet=as_json)
    click.echo(json.dumps([one.as_dict() for one in told], indent=2)) if as_json else _print_prepared(told)
    sys.exit(max(one.exit_code for one in told))


def _members(file: Path | None) -> list[Member]:
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return read(file or Path(DEFAULT))
    except ListError as error:
        raise click.ClickException(str(error)) from error


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _together(
    members: Sequence[Member],
    work: Callable[[Member], Any],
    jobs: int | None,
    verb: str,
    *,
    quiet: bool,
    into: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Do the work for each member and show how far it is; results by name, in `into` as soon as they are there."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from richtfest.fleet.crew import hands, work_through

    results = {} if into is None else into
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task(verb, total=len(members))

        def arrived(member: Member, result: Any) -> None:
            results[member.name] = result
            progress.update(task, advance=1, description=f"{verb}: {member.name}")

        work_through(members, work, jobs or hands(), arrived)
    return results


def _known(member: Member, result: Any) -> "State":
    from richtfest.fleet.look import State

    return result if isinstance(result, State) else State(member.name, member.where, problem=str(result))


def _prepared(member: Member, result: Any) -> "Prepared":
    from richtfest.fleet.update import Prepared, refused

    return result if isinstance(result, Prepared) else refused(member, str(result))


def _open(told: list["Prepared"], quiet: bool) -> list["Prepared"]:
    """One after the other: a person who interrupts knows which were published, and no forge is flooded."""
    from dataclasses import replace

    from richtfest.fleet.request import NotOpened
    from richtfest.fleet.update import publish

    outcomes = []
    for one in told:
        if one.branch:
            try:
                one = replace(one, request=publish(one))
            except NotOpened as error:
                one = replace(one, reason=str(error))
            if not quiet and one.request:
                click.echo(f"{one.name}: {one.request}", err=True)
        outcomes.append(one)
    return outcomes


# ---- tables --------------------------------------------------------------------------------------------------------


def _print_states(states: list["State"]) -> None:
    rows = []
    for state in states:
        newest = state.version == state.latest
        price = "" if state.price is None else f"{state.price:.2f}"
        rows.append(
            (
                state.name,
                (state.version or "", "" if newest else "yellow"),
                state.latest or "",
                "" if state.edited is None else str(state.edited),
                _checks(state),
                price,
                ("not looked at" if state.problem else "", "bold red"),
            )
        )
    _print(("repository", "version", "newest", "edited", "checks", "EUR/month", ""), rows)
    _print_notes([(state.name, state.problem) for state in states if state.problem])
    total = sum(state.price for state in states if state.price is not None)
    outdated = sum(state.version != state.latest for state in states)
    unknown = sum(bool(state.problem) for state in states)
    counts = f"{outdated} not at the newest version" + (f", {unknown} not looked at" if unknown else "")
    click.echo(f"\n{len(states)} repositories, {counts}, {total:.2f} EUR net per month")
    _print_notes([(state.name, note) for state in states for note in state.notes])


def _checks(state: "State") -> tuple[str, str]:
    if state.checks is None:
        return "" if state.problem else "not known", "dim"
    words = f"{state.checks.failed} failed" if state.checks.failed else "ok"
    if state.checks.not_checked:
        words += f", {state.checks.not_checked} not checked"
    words += f" ({state.checks.date}{'' if state.checks_current else ', of an older commit'})"
    return words, "bold red" if state.checks.failed else "green"


def _print_prepared(told: list["Prepared"]) -> None:
    colours = {"prepared": "green", "there already": "green", "newest": "dim", "refused": "bold red"}
    rows = []
    for one in told:
        versions = one.from_version or ""
        if one.to_version != one.from_version:
            versions += f" -> {one.to_version}"
        result = one.result + (f", {len(one.conflicts)} in conflict" if one.conflicts else "")
        colour = "yellow" if one.conflicts else colours[one.result]
        rows.append((one.name, versions, (result, colour), one.branch or "", one.request or ""))
    _print(("repository", "version", "result", "branch", ""), rows)
    _print_notes([(one.name, one.reason) for one in told if one.reason])
    for one in told:
        if one.conflicts:
            click.echo(f"\n{one.name}: git -C {shlex.quote(str(one.folder))} switch {one.branch}, then decide")
            click.echo("\n".join(f"  {path}" for path in one.conflicts))
    _print_notes([(one.name, _next(one)) for one in told if one.branch and not (one.conflicts or one.request)])
    _print_notes([(one.name, note) for one in told for note in one.notes])


def _next(one: "Prepared") -> str:
    """Where a branch without conflicts is, and what to do with it."""
    return f"git -C {shlex.quote(str(one.folder))} show {one.branch}; publish it with --open"


def _print(titles: tuple[str, ...], rows: list[tuple]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console.width = 10_000  # a file or a pipe has no edge: a row is a line
    table = Table(box=None, pad_edge=False, expand=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(Text(*cell) if isinstance(cell, tuple) else Text(cell) for cell in row))
    console.print(table)


def _print_notes(notes: list[tuple[str, str]]) -> None:
    if notes:
        click.echo("\n" + "\n".join(f"{name}: {note}" for name, note in notes))
