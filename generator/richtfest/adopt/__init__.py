"""What a platform engineer would tell the team of an application that is adopted, with the place of each thing.

One module per kind; each knows the findings below it and none of the others. What belongs to one stack lies with that
stack (`richtfest.detect.habits`). Nothing is told that was not seen, and what is not certain is put as a question.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from richtfest.adopt import (
    build,
    checks,
    data,
    environment,
    health,
    ignoring,
    image,
    listening,
    migrations,
    runtime,
    secrets,
    services,
)
from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect import of_tree, offer
from richtfest.detect.findings import Application, Report, Why
from richtfest.detect.tree import Tree
from richtfest.template import ANSWERS_FILE

IN_ORDER = (
    runtime.look, build.look, environment.look, image.start, listening.look, listening.hosts, health.look,
    data.databases, services.look, migrations.look, data.files, secrets.look, ignoring.look, image.habits,
    checks.workflows, checks.tests, build.pinned, health.figures,
)  # fmt: skip
"""What makes the first release fail comes first."""


def look(tree: Tree, found: Application, answers: Mapping[str, Any]) -> list[Suggestion]:
    """Everything that should be changed in an application, what would fail first at the top.

    Args:
        tree: the repository, without what was generated.
        found: the application, wherever it lies.
        answers: of the questionnaire; those that are missing count as their defaults.
    """
    adoption = Adoption(tree, found, answers)
    return [suggestion for kind in IN_ORDER for suggestion in kind(adoption)]


def of_repository(repository: Path, answers: Mapping[str, Any], generated: Iterable[str]) -> list[Suggestion]:
    """The same for a repository that was just generated into, as it was before; empty when nothing is there."""
    if answers.get("starter"):
        return []
    tree = Tree(repository, without=generated)
    report = of_tree(tree)
    return look(tree, _meant(report, answers), answers)


def of_report(tree: Tree, report: Report) -> list[Suggestion]:
    """The same for what was only looked at: by the answers that are recorded there, or that would be taken.

    Empty when there are several applications: which one is meant is asked by nobody here.
    """
    recorded = tree.yaml(ANSWERS_FILE)
    if isinstance(recorded, dict) and isinstance(recorded.get("stack"), str):
        return [] if recorded.get("starter") else look(tree, _meant(report, recorded), recorded)
    found = report.chosen or (report.applications[0] if len(report.applications) == 1 else None)
    return look(tree, found, offer.answers(found)) if found else []


def _meant(report: Report, answers: Mapping[str, Any]) -> Application:
    """The application that the answers are about: in its folder, of its stack where there is such a one."""
    folder, stack = str(answers.get("application_folder") or "."), str(answers["stack"])
    here = [found for found in report.applications if folder in (found.folder, found.root)]
    of_stack = [found for found in here if found.stack == stack]
    return (of_stack or here or [Application(stack, "other", folder, Why(folder), root=folder)])[0]
