"""`richtfest new`: make a repository, or add the same to an existing application."""

import sys
from pathlib import Path

import click

from richtfest import answers as given
from richtfest import detect, scratch, summary


@click.command("new")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--defaults", is_flag=True, help="Ask nothing; open questions take their defaults.")
@click.option("-d", "--data", "pairs", multiple=True, metavar="NAME=VALUE", help="Answer one question.")
@click.option(
    "--data-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Answer questions from a YAML file.",
)
@click.option("--dry-run", is_flag=True, help="List what would be written and write nothing.")
def command(path: Path, defaults: bool, pairs: tuple[str, ...], data_file: Path | None, dry_run: bool) -> None:
    """Make a repository in PATH, or add the same to the application that is there.

    An existing file is never overwritten. Nothing is written until everything is known and rendered.
    """
    answers = given.collect(pairs, data_file)
    ask = not defaults
    if ask and not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask questions on: add --defaults")
    _clear_what_a_killed_run_left(path)
    suggestions = _suggest(path, answers)

    from richtfest.generate import GenerationError, generate  # Copier is slow to import

    try:
        generated = generate(path, answers, suggestions=suggestions, ask=ask, write=not dry_run)
    except GenerationError as error:
        raise click.ClickException(str(error)) from error
    click.echo(summary.tell(generated, dry_run=dry_run))


def _clear_what_a_killed_run_left(path: Path) -> None:
    """Before anything is detected: half a repository would be taken for the application."""
    try:
        undone = scratch.clear(scratch.nearest_folder(path.resolve()))
    except OSError as error:
        raise click.ClickException(f"{path} cannot be used: {error.strerror}") from error
    if undone:
        click.echo(f"An earlier run was killed while it wrote here: its {len(undone)} files were taken away", err=True)


def _suggest(path: Path, answers: dict[str, object]) -> dict[str, str]:
    """Look at an existing application and say what was found, unless the stack was given."""
    if "stack" in answers or not path.is_dir():
        return {}
    found = detect.detect(path)
    if not found:
        return {}
    click.echo(f"stack: {found.stack} ({found.reason})")
    for name, value in found.answers.items():
        click.echo(f"{name}: {value} (found there, too)")
    return {"stack": found.stack} | found.answers
