"""`richtfest check`: a mistake in any kind of file is found by the tool that reads it, and told in its words."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from richtfest.checks import containers, monitoring, pipelines, texts
from richtfest.cli import group
from tests.generation import render

MISTAKES = {
    "workflows": (pipelines.actionlint, "workflows/deploy.yml", "runs-on:", "runs_on:"),
    "workflow security": (pipelines.zizmor, "workflows/ci.yml", "persist-credentials: false", "fetch-depth: 1"),
    "workflow schema": (pipelines.schemas, "workflows/ci.yml", "jobs:", "jobbs:"),
    "dependabot schema": (pipelines.dependabot, "dependabot.yml", "version: 2", "version: 7"),
    "Dockerfile": (containers.dockerfile, "Dockerfile", "WORKDIR /srv", "WORKDIR srv"),
    "compose server": (containers.compose, "server/compose.yml", "services:", "servces:"),
    "edge": (containers.edge, "server/edge/Caddyfile", "reverse_proxy", "reverse_prxy"),
    "prometheus": (monitoring.prometheus, "prometheus/prometheus.yml", "scrape_interval", "scrape_intervall"),
    "rules": (monitoring.rules, "rules/20-alerts.yml", "golden:error_ratio:5m >", "golden:error_ratio:5m >>"),
    "rule tests": (monitoring.rule_tests, "rules/20-alerts.yml", "for: 5m", "for: 50m"),
    "alertmanager": (monitoring.alertmanager, "alertmanager.yml", "receiver: team", "receiver: teem"),
    "scripts": (texts.scripts, "scripts/apply.sh", '"$package"', "$package"),
    "yaml": (texts.yaml, "prometheus/prometheus.yml", "global:", "global: {}\nglobal:"),
    "json": (texts.dashboards, "golden-signals.json", '"panels":', '"panels"'),
    "python": (texts.python, "release/deploy.py", "def ", "deff "),
}
"""By check: the function, a file of the repository, what stands in it, and a mistake instead."""
COMPOSE = pytest.mark.needs("compose")


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    return render({"stack": "fastapi"}, tmp_path_factory.mktemp("check") / "shop")


@pytest.mark.needs("actionlint", "amtool", "caddy", "check-jsonschema", "hadolint", "promtool", "shellcheck",
                   "yamllint", "zizmor")  # fmt: skip
@pytest.mark.parametrize(
    "check", [pytest.param(name, marks=COMPOSE) if name.startswith("compose") else name for name in MISTAKES]
)
def test_a_mistake_is_found_by_the_tool_that_reads_the_file(check, good, tmp_path):
    function, name, text, mistake = MISTAKES[check]
    repository = shutil.copytree(good, tmp_path / "shop")
    for tests in repository.glob("monitoring/prometheus/tests/*.yml"):
        if tests.name != "monitoring.yml":  # all of them take a minute, and another test of this suite runs them
            tests.unlink()
    assert outcome_of(function, check, repository).status == "ok"
    (file,) = (path for path in repository.rglob("*") if path.is_file() and path.as_posix().endswith(name))
    assert text in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(text, mistake), "utf-8")
    found = outcome_of(function, check, repository)
    assert found.status == "failed"
    assert found.detail


def outcome_of(function, check: str, repository: Path):
    found = function(repository)
    return next(one for one in (found if isinstance(found, list) else [found]) if one.check == check)


@pytest.mark.needs("actionlint", "zizmor")
def test_workflows_of_the_team_are_its_own_business(good, tmp_path):
    repository = shutil.copytree(good, tmp_path / "shop")
    (repository / ".github/workflows/nightly.yaml").write_text("on: push\njobs: {build: {runs-on: nothing}}\n")
    found = [check(repository) for check in pipelines.CHECKS]
    assert {outcome.status for outcome in found if outcome} == {"ok"}
    assert texts.yaml(repository).status == "ok"


@pytest.mark.needs("shellcheck")
def test_scripts_of_the_team_are_its_own_business(good, tmp_path):
    repository = shutil.copytree(good, tmp_path / "shop")
    for name in ("theirs", "test", "database", "gitlab"):
        (repository / f"scripts/{name}.sh").write_text("#!/bin/bash\ncd $1\nrm *\n")
    assert texts.scripts(repository).status == "ok"
    done = subprocess.run(["bash", "scripts/checks.sh", "scripts"], cwd=repository, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "ok           scripts\n")


@pytest.mark.needs("shellcheck")
@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_a_repository_checks_every_script_that_was_generated(ci, tmp_path):
    repository = render({"ci": ci, "cloud": "scaleway", "database": "managed"}, tmp_path / "shop")
    for script in repository.glob("scripts/*.sh"):
        assert texts._is_shell_script(script), script
        with script.open("a") as file:
            file.write("never() { cd $1 || return; }\n")
    done = subprocess.run(["bash", "scripts/checks.sh", "scripts"], cwd=repository, capture_output=True, text=True)
    names = {path.name for path in repository.glob("scripts/*.sh")}
    for told, expected in ((done.stdout, names - {"test.sh"}), (texts.scripts(repository).detail, names)):
        assert {name for name in names if f"scripts/{name} line" in told} == expected


def test_a_missing_tool_is_reported_as_not_checked_and_never_as_ok(good, monkeypatch):
    monkeypatch.setattr("richtfest.checks.outcome.find", lambda tool: None)
    monkeypatch.setattr("richtfest.checks.infrastructure.executable", lambda iac: None)
    result = CliRunner().invoke(group, ["check", str(good), "--json"])
    outcomes = json.loads(result.output)
    assert result.exit_code == 0
    assert {outcome["status"] for outcome in outcomes if outcome["tool"] != "python"} == {"not checked"}
    strict = CliRunner().invoke(group, ["check", str(good), "--strict"])
    assert strict.exit_code == 1


def test_docker_without_compose_is_a_tool_that_is_missing(good, tmp_path, monkeypatch):
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\n[ $1 = version ]\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert [outcome.status for outcome in containers.compose(good)] == ["not checked"]
    done = subprocess.run(["bash", "scripts/checks.sh", "server"], cwd=good, capture_output=True, text=True)
    assert "not checked  server: Compose project: needs Docker with Compose" in done.stdout


@pytest.mark.needs("check-jsonschema")
def test_the_pipelines_of_gitlab_are_read_by_their_schema_and_nothing_of_github_is_missed(tmp_path):
    repository = render({"ci": "gitlab"}, tmp_path / "shop")
    assert [check(repository) for check in (pipelines.actionlint, pipelines.schemas, pipelines.dependabot)] == [[]] * 3
    for check, name, text, mistake in (
        (pipelines.gitlab, ".gitlab/ci/release.yml", "timeout: 20m", "timeout: [20]"),
        (pipelines.renovate, ".gitlab/renovate.json", '"packageRules": [', '"packageRules": [7, '),
    ):
        assert check(repository).status == "ok"
        file = repository / name
        assert text in file.read_text("utf-8")
        file.write_text(file.read_text("utf-8").replace(text, mistake), "utf-8")
        assert check(repository).status == "failed"
