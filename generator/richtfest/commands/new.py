"""`richtfest new`: make a repository, or add the same to an existing application."""

import sys
from datetime import date
from pathlib import Path

import click

from richtfest import adopt, scratch, standards, summary
from richtfest import answers as given
from richtfest.suggest import suggest


@click.command("new")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--defaults", is_flag=True, help="Ask nothing; open questions take their defaults.")
@click.option("-d", "--data", "pairs", multiple=True, metavar="NAME=VALUE", help="Answer one question.")
@click.option(
    "--data-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Answer questions from a YAML file.",
)
@click.option(
    "--standard",
    "source",
    metavar="SOURCE",
    help="Answers of your house: a file, or a git repository (address#branch) with richtfest-standard.yml.",
)
@click.option("--dry-run", is_flag=True, help="List what would be written and write nothing.")
def command(
    path: Path, defaults: bool, pairs: tuple[str, ...], data_file: Path | None, source: str | None, dry_run: bool
) -> None:
    """Make a repository in PATH, or add the same to the application that is there.

    An existing file is never overwritten. Nothing is written until everything is known and rendered.
    """
    answers = given.collect(pairs, data_file, complete=defaults)
    ask = not defaults
    if ask and not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask questions on: add --defaults")
    try:
        standard = standards.read(source) if source else None
        answers = standard.bind(answers) if standard else answers
    except standards.StandardError as error:
        raise click.ClickException(str(error)) from error
    _clear_what_a_killed_run_left(path)
    # What is seen in this folder is surer than what fits most others.
    suggested = (standard.presets if standard else {}) | suggest(path, answers, ask)
    if standard:
        click.echo(f"House standard: {standard.name}" + standards.listed(standard.locked, "; locked: "))

    from richtfest.generate import GenerationError, generate  # Copier is slow to import

    try:
        generated = generate(path, answers, suggestions=suggested, ask=ask, write=not dry_run)
    except GenerationError as error:
        blame = standard.blame(str(error), answers) if standard else ""
        raise click.ClickException(f"{error}{blame}") from error
    suggestions = adopt.of_repository(generated.destination, generated.answers, generated.added)
    click.echo(summary.tell(generated, date.today(), dry_run=dry_run, suggestions=suggestions))


def _clear_what_a_killed_run_left(path: Path) -> None:
    """Before anything is detected: half a repository would be taken for the application."""
    try:
        undone = scratch.clear(scratch.nearest_folder(path.resolve()))
    except OSError as error:
        raise click.ClickException(f"{path} cannot be used: {error.strerror}") from error
    if undone:
        click.echo(f"An earlier run was killed while it wrote here: its {len(undone)} files were taken away", err=True)
