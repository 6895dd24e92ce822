"""Scripts, YAML, JSON and Python: every text file before its parser."""

import ast
import json
from pathlib import Path

from richtfest.checks import pipelines
from richtfest.checks.outcome import FAILED, NOT_CHECKED, OK, Outcome, nothing_to_check, run
from richtfest.template import locate

OURS = ("server", "monitoring")
"""Folders in which all is part of what is generated."""


def scripts(repository: Path) -> Outcome:
    """Mistakes in shell scripts, with or without an ending. Others in scripts/ are the team's own business."""
    ours = {_head(path) for path in locate().path.glob("templates/**/scripts/*.sh*")}
    candidates = [path for path in sorted(repository.glob("scripts/*.sh")) if _head(path) in ours]
    candidates += [path for folder in OURS for path in sorted((repository / folder).rglob("*"))]
    files = [path for path in candidates if path.is_file() and _is_shell_script(path)]
    if not files:
        return nothing_to_check("scripts", "shellcheck", "shell script")
    return run("scripts", ["shellcheck", "--external-sources", *files], repository)


def _head(script: Path) -> tuple[str, str]:
    """Its name, and the line that says what it is for: whoever has another one under the name has one of their own."""
    lines = script.read_text("utf-8", "replace").splitlines()
    return script.name.removesuffix(".jinja"), lines[1] if len(lines) > 1 else ""


def _is_shell_script(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline(80)
    return first.startswith(b"#!") and first.rstrip().endswith((b"bash", b"/sh"))


def yaml(repository: Path) -> Outcome:
    """YAML of pipelines, server and monitoring; in the team's style when it has one."""
    places = [name for name in ("server", "monitoring") if (repository / name).is_dir()] + pipelines.files(repository)
    if not places:
        return nothing_to_check("yaml", "yamllint", "folder with YAML")
    own_style = any((repository / name).is_file() for name in (".yamllint", ".yamllint.yml", ".yamllint.yaml"))
    style = [] if own_style else ["-d", "{extends: relaxed, rules: {line-length: disable}}"]
    return run("yaml", ["yamllint", "--strict", *style, *places], repository)


def dashboards(repository: Path) -> Outcome:
    """Every JSON file parses."""
    files = [path for name in ("terraform", "monitoring", "server") for path in (repository / name).rglob("*.json")]
    return _parse_all("json", "python", files, lambda text: json.loads(text), repository)


def python(repository: Path) -> Outcome:
    """Every Python file that runs on the server parses."""
    files = sorted((repository / "server").rglob("*.py"))
    return _parse_all("python", "python", files, ast.parse, repository)


def _parse_all(check: str, tool: str, files: list[Path], parse, repository: Path) -> Outcome:
    if not files:
        return Outcome(check, tool, NOT_CHECKED, "there is no such file")
    broken = []
    for file in files:
        try:
            parse(file.read_text("utf-8"))
        except (ValueError, SyntaxError) as error:
            broken.append(f"{file.relative_to(repository).as_posix()}: {error}")
    return Outcome(check, tool, FAILED if broken else OK, "\n".join(broken))


CHECKS = [scripts, yaml, dashboards, python]
