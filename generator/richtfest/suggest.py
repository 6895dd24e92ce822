"""What `richtfest new` takes from an application that is there, before anything is asked."""

from collections.abc import Mapping
from pathlib import Path

import click

from richtfest.detect import detect
from richtfest.detect.findings import Application, Report
from richtfest.detect.offer import BUILT_BY, FALLBACK, is_built, is_ready, named, offered
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
    if not folder.is_dir():
        return {}
    if "stack" in answers:
        _check_build(folder, answers, told)
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


def _check_build(folder: Path, answers: Mapping[str, object], told: Mapping[str, str]) -> None:
    """Whether the stack that was named can build what lies in a folder.

    Raises:
        click.ClickException: it cannot, such as Maven what only Gradle builds, and there is no Dockerfile.
    """
    is_started = answers.get("starter") in (True, "true")  # it brings its own build
    if answers["stack"] not in BUILT_BY or is_started or (folder / "Dockerfile").is_file():
        return
    here = [found for found in detect(folder).applications if (found.root, found.stack) == (".", answers["stack"])]
    if here and not is_built(here[0]):
        raise click.ClickException(told["not_offered"].format(stack=named(here[0]), stacks=_stacks(here[0])))


def _stacks(without: Application | None = None) -> str:
    """The stacks that can be named; one that cannot build the application is none of them."""
    known = questions()["stack"]["choices"].values()
    return ", ".join(name for name in known if not without or name != without.stack or is_built(without))


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
    stacks = _stacks(found)
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
