"""Pipelines: valid for the forge that runs them, and free of the mistakes that let a stranger in."""

from pathlib import Path

from richtfest.checks.outcome import Outcome, nothing_to_check, run

NAMES = ("ci", "deploy", "promote", "rollback", "infrastructure", "scheduled", "security")
"""The workflows of the delivery, as in scripts/checks.sh; others that a team has are its own business."""

Found = Outcome | list[Outcome]
"""No outcome at all, when the pipelines run at another forge."""


def files(repository: Path) -> list[Path]:
    """Every YAML file of the delivery's pipelines that is there, and the configuration of GitHub's update bot."""
    folder = repository / ".github"
    wanted = [folder / "workflows" / f"{name}.yml" for name in NAMES] + [folder / "dependabot.yml"]
    return [file for file in wanted if file.is_file()] + _at_gitlab(repository)


def _workflows(repository: Path) -> list[Path]:
    return [file for file in files(repository) if file.parent.name == "workflows"]


def _at_gitlab(repository: Path) -> list[Path]:
    return [
        file for file in (repository / ".gitlab-ci.yml", *sorted(repository.glob(".gitlab/ci/*.yml"))) if file.is_file()
    ]


def _no_workflow(repository: Path, check: str, tool: str, what: str = "workflow") -> Found:
    return [] if _at_gitlab(repository) else nothing_to_check(check, tool, what)


def actionlint(repository: Path) -> Found:
    """Syntax, expressions and types of every workflow."""
    workflows = _workflows(repository)
    if not workflows:
        return _no_workflow(repository, "workflows", "actionlint")
    return run("workflows", ["actionlint", *workflows], repository)


def zizmor(repository: Path) -> Found:
    """Security of every workflow, in the strictest persona and without exceptions."""
    workflows = _workflows(repository)
    if not workflows:
        return _no_workflow(repository, "workflow security", "zizmor")
    dependabot = [file for file in [repository / ".github" / "dependabot.yml"] if file.is_file()]
    arguments = ["--offline", "--no-progress", "--quiet", "--persona", "auditor", "--no-ignores"]
    return run("workflow security", ["zizmor", *arguments, *workflows, *dependabot], repository)


def schemas(repository: Path) -> Found:
    """Every workflow against GitHub's own schema."""
    workflows = _workflows(repository)
    if not workflows:
        return _no_workflow(repository, "workflow schema", "check-jsonschema")
    return run(
        "workflow schema",
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows],
        repository,
    )


def dependabot(repository: Path) -> Found:
    """The update bot's configuration against GitHub's own schema."""
    file = repository / ".github" / "dependabot.yml"
    if not file.is_file():
        return _no_workflow(repository, "dependabot schema", "check-jsonschema", "file .github/dependabot.yml")
    return run("dependabot schema", ["check-jsonschema", "--builtin-schema", "vendor.dependabot", file], repository)


def gitlab(repository: Path) -> Found:
    """The pipelines against GitLab's own schema, whose patterns are Ruby's."""
    pipelines = _at_gitlab(repository)
    if not pipelines:
        return []
    schema = ["--builtin-schema", "vendor.gitlab-ci", "--regex-variant", "nonunicode"]
    return run("pipeline schema", ["check-jsonschema", *schema, *pipelines], repository)


def renovate(repository: Path) -> Found:
    """The update bot's configuration against Renovate's own schema."""
    file = repository / ".gitlab" / "renovate.json"
    if not file.is_file():
        return []
    return run("renovate schema", ["check-jsonschema", "--builtin-schema", "vendor.renovate", file], repository)


CHECKS = [actionlint, zizmor, schemas, dependabot, gitlab, renovate]
