"""`richtfest new`: make a repository, or add the same to an existing application."""

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from richtfest import answers as given
from richtfest import scratch, standards, summary
from richtfest.detect import detect
from richtfest.detect.findings import Application, Report
from richtfest.detect.offer import FALLBACK, offered
from richtfest.detect.offer import answers as suggestions
from richtfest.detect.words import SHOWN, headline, sentence, words
from richtfest.template import questions


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
    click.echo(summary.tell(generated, date.today(), dry_run=dry_run))


def _clear_what_a_killed_run_left(path: Path) -> None:
    """Before anything is detected: half a repository would be taken for the application."""
    try:
        undone = scratch.clear(scratch.nearest_folder(path.resolve()))
    except OSError as error:
        raise click.ClickException(f"{path} cannot be used: {error.strerror}") from error
    if undone:
        click.echo(f"An earlier run was killed while it wrote here: its {len(undone)} files were taken away", err=True)


def suggest(path: Path, answers: dict[str, object], ask: bool) -> dict[str, str]:
    """Look at an existing application and say what was found, unless the stack was given.

    Raises:
        click.ClickException: nobody can be asked, and nothing is there that can be taken without a question.
    """
    told = words(answers.get("language"))
    named = "application_folder" in answers
    folder = path / _accepted(str(answers.get("application_folder", ".")), told)
    if "stack" in answers or not folder.is_dir():
        return {}
    report = detect(folder)
    if not report.applications and not report.seen:
        return {}
    found = report.chosen or _only_one(report)
    if found and found.root != "." and (named or not found.certain):
        found = None  # the folder that was named is another one, or what lies below is doubtful
    if not found and report.applications and ask and not named:
        found = _choose(report, told)
    if not found:
        return _refuse(report, told, ask)
    stack = offered(found, report)
    click.echo(f"stack: {sentence(found, told)}")
    if not stack:
        return _refuse(report, told, ask, found)
    if stack != found.stack:
        click.echo(told["instead"].format(stack=stack))
    if found.root != ".":
        click.echo(f"application_folder: {_accepted(found.root, told)} ({told['below']})")
    suggested = suggestions(found)
    for name, value in suggested.items():
        click.echo(f"{name}: {value} ({told['found_too']})")
    if found.value("database") in questions()["database"]["choices"].values() and "database" not in answers:
        database = found.facts["database"][0]
        click.echo(told["database_found"].format(database=database.value, why=database.why))
    return {"stack": stack, "application_folder": found.root} | suggested


def _accepted(folder: str, told: Mapping[str, str]) -> str:
    """A folder for the application that the questionnaire takes.

    Raises:
        click.ClickException: it refuses it, also when it was detected: nothing could be generated there.
    """
    from richtfest.questionnaire import refusal  # Jinja is slow to import

    if reason := refusal("application_folder", {"language": told["language"], "application_folder": folder}):
        raise click.ClickException(reason)
    return folder


def _only_one(report: Report) -> Application | None:
    """A doubtful application that nothing competes with: better than a guess by less."""
    return report.applications[0] if len(report.applications) == 1 else None


def _choose(report: Report, told: Mapping[str, str]) -> Application | None:
    """Let a person choose among several applications, the likeliest first; None for another answer."""
    import questionary  # slow to import

    choices = [questionary.Choice(headline(found, told), found) for found in report.applications[:SHOWN]]
    choices.append(questionary.Choice(told["none_of_these"], False))
    return questionary.select(told["which"], choices).unsafe_ask() or None


def _refuse(report: Report, told: Mapping[str, str], ask: bool, found: Application | None = None) -> dict[str, str]:
    """Say what can be done when nothing can be taken without a question; a person is asked for the stack anyway."""
    stacks = ", ".join(questions()["stack"]["choices"].values())
    if found:
        reason = told["not_offered"].format(stack=found.stack, stacks=stacks)
    elif report.applications:
        lines = "\n".join(f"  {headline(one, told)}" for one in report.applications[:SHOWN])
        reason = told["choose_one"].format(lines=lines, stacks=stacks)
    else:
        reason = told["nothing_fits"].format(why=report.seen[0].why, note=told[report.seen[0].note], stacks=stacks)
    if not ask:
        raise click.ClickException(reason)
    click.echo(reason)
    return {"stack": FALLBACK}
