"""Pipelines: valid for GitHub, and free of the mistakes that let a stranger in."""

from pathlib import Path

from richtfest.checks.outcome import Outcome, nothing_to_check, run

NAMES = ("ci", "deploy", "promote", "rollback", "infrastructure", "scheduled", "security")
"""The workflows of the delivery, as in scripts/checks.sh; others that a team has are its own business."""


def files(repository: Path) -> list[Path]:
    """The workflows of the delivery that are there, and the update bot's configuration."""
    folder = repository / ".github"
    wanted = [folder / "workflows" / f"{name}.yml" for name in NAMES] + [folder / "dependabot.yml"]
    return [file for file in wanted if file.is_file()]


def _workflows(repository: Path) -> list[Path]:
    return [file for file in files(repository) if file.parent.name == "workflows"]


def actionlint(repository: Path) -> Outcome:
    """Syntax, expressions and types of every workflow."""
    workflows = _workflows(repository)
    if not workflows:
        return nothing_to_check("workflows", "actionlint", "workflow")
    return run("workflows", ["actionlint", *workflows], repository)


def zizmor(repository: Path) -> Outcome:
    """Security of every workflow, in the strictest persona and without exceptions."""
    if not _workflows(repository):
        return nothing_to_check("workflow security", "zizmor", "workflow")
    return run(
        "workflow security",
        ["zizmor", "--offline", "--no-progress", "--quiet", "--persona", "auditor", "--no-ignores", *files(repository)],
        repository,
    )


def schemas(repository: Path) -> Outcome:
    """Every workflow against GitHub's own schema."""
    workflows = _workflows(repository)
    if not workflows:
        return nothing_to_check("workflow schema", "check-jsonschema", "workflow")
    return run(
        "workflow schema",
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows],
        repository,
    )


def dependabot(repository: Path) -> Outcome:
    """The update bot's configuration against GitHub's own schema."""
    file = repository / ".github" / "dependabot.yml"
    if not file.is_file():
        return nothing_to_check("dependabot schema", "check-jsonschema", "file .github/dependabot.yml")
    return run("dependabot schema", ["check-jsonschema", "--builtin-schema", "vendor.dependabot", file], repository)


CHECKS = [actionlint, zizmor, schemas, dependabot]
