"""What `richtfest new` takes from an application that is there, before anything is asked."""

from collections.abc import Mapping
from pathlib import Path

import click

from richtfest.detect import detect
from richtfest.detect.findings import Application, Report
from richtfest.detect.offer import FALLBACK, is_ready, named, offered
from richtfest.detect.offer import answers as suggestions
from richtfest.detect.words import SHOWN, headline, sentence, words
from richtfest.template import questions


def suggest(path: Path, answers: dict[str, object], ask: bool) -> dict[str, str]:
    """Look at an existing application and say what was found, unless the stack was given.

    Raises:
        click.ClickException: nobody can be asked, and nothing is there that can be taken without a question.
    """
    told = words(answers.get("language"))
    is_given = "application_folder" in answers
    folder = path / _accepted(str(answers.get("application_folder", ".")), told)
    if "stack" in answers or not folder.is_dir():
        return {}
    report = detect(folder)
    if not report.applications and not report.seen:
        return {}
    found = report.chosen or _only_one(report)
    if found and found.root != "." and (is_given or not found.certain):
        found = None  # the folder that was given is another one, or what lies below is doubtful
    if not found and report.applications and ask and not is_given:
        found = _choose(report, told)
    if not found:
        return _refuse(report, told, ask)
    stack = offered(found, report)
    click.echo(f"stack: {sentence(found, told)}")
    if not stack or not is_ready(found):
        return _refuse(report, told, ask, found)
    if stack != found.stack:
        click.echo(told["instead"].format(stack=stack))
    if found.root != ".":
        click.echo(f"application_folder: {_accepted(found.root, told)} ({told['below']})")
    suggested = suggestions(found)
    for name, value in suggested.items():
        place = found.facts["health"][0].why if name == "health_path" else told["found_too"]
        if name not in answers:
            click.echo(f"{name}: {value} ({place})")
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
    if found and not is_ready(found):
        reason = told["pages_unsure"].format(why=found.why, note=told[found.doubt])
    elif found:
        reason = told["not_offered"].format(stack=named(found), stacks=stacks)
    elif report.applications:
        lines = "\n".join(f"  {headline(one, told)}" for one in report.applications[:SHOWN])
        reason = told["choose_one"].format(lines=lines, stacks=stacks)
    else:
        reason = told["nothing_fits"].format(why=report.seen[0].why, note=told[report.seen[0].note], stacks=stacks)
    if not ask:
        raise click.ClickException(reason)
    click.echo(reason)
    return {"stack": FALLBACK}
