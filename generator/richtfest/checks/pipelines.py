"""Pipelines: valid for GitHub, and free of the mistakes that let a stranger in."""

from pathlib import Path

from richtfest.checks.outcome import Outcome, nothing_to_check, run


def _workflows(repository: Path) -> list[Path]:
    return sorted((repository / ".github" / "workflows").glob("*.y*ml"))


def actionlint(repository: Path) -> Outcome:
    """Syntax, expressions and types of every workflow."""
    files = _workflows(repository)
    if not files:
        return nothing_to_check("workflows", "actionlint", "workflow")
    return run("workflows", ["actionlint", *files], repository)


def zizmor(repository: Path) -> Outcome:
    """Security of every workflow, in the strictest persona and without exceptions."""
    if not _workflows(repository):
        return nothing_to_check("workflow security", "zizmor", "workflow")
    return run(
        "workflow security",
        ["zizmor", "--offline", "--no-progress", "--quiet", "--persona", "auditor", "--no-ignores", ".github"],
        repository,
    )


def schemas(repository: Path) -> Outcome:
    """Every workflow against GitHub's own schema."""
    files = _workflows(repository)
    if not files:
        return nothing_to_check("workflow schema", "check-jsonschema", "workflow")
    return run(
        "workflow schema",
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files],
        repository,
    )


def dependabot(repository: Path) -> Outcome:
    """The update bot's configuration against GitHub's own schema."""
    file = repository / ".github" / "dependabot.yml"
    if not file.is_file():
        return nothing_to_check("dependabot schema", "check-jsonschema", "file .github/dependabot.yml")
    return run("dependabot schema", ["check-jsonschema", "--builtin-schema", "vendor.dependabot", file], repository)


CHECKS = [actionlint, zizmor, schemas, dependabot]
