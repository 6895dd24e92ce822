"""`richtfest new`: make a repository, or add the same to an existing application."""

import sys
from pathlib import Path

import click

from richtfest import answers as given
from richtfest import detect, standards, summary


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
    answers = given.collect(pairs, data_file)
    ask = not defaults
    if ask and not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask questions on: add --defaults")
    try:
        standard = standards.read(source) if source else None
        answers = standard.bind(answers) if standard else answers
    except standards.StandardError as error:
        raise click.ClickException(str(error)) from error
    # What is seen in this folder is surer than what fits most others.
    suggestions = (standard.presets if standard else {}) | _suggest(path, answers)
    if standard:
        click.echo(f"House standard: {standard.name}" + standards.listed(standard.locked, "; locked: "))

    from richtfest.generate import GenerationError, generate  # Copier is slow to import

    try:
        generated = generate(path, answers, suggestions=suggestions, ask=ask, write=not dry_run)
    except GenerationError as error:
        blame = standard.blame(str(error), answers) if standard else ""
        raise click.ClickException(f"{error}{blame}") from error
    click.echo(summary.tell(generated, dry_run=dry_run))


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
