"""The workflows, for every combination of the answers that they depend on, before the tools that read them."""

import json
import re
import shutil
import subprocess
import warnings
from itertools import cycle
from pathlib import Path
from typing import Any

import copier
import covertable
import pytest
import yaml
from jinja2 import Environment, meta

from tests.generation import ROOT, choices, questionnaire, render

TEMPLATES = ROOT / "templates"
STACKS = sorted(TEMPLATES.glob("#{ stack_* }#"))
"""The folder of each stack; what it brings to the pipelines of a forge stands in its fragments."""
COMPUTED = {
    "main_environment": "environments", "terraform_command": "iac", "stack_folder": "stack",
    "application_prefix": "application_folder", "application_suffix": "application_folder",
}  # fmt: skip
"""Answers that are computed from another one."""


def sources(folder: str, forge: str, bot: str) -> list[Path]:
    """Every file that a forge's pipelines and its update bot's settings are made of."""
    fragments = [*(path / "fragments" for path in STACKS), TEMPLATES / "fragments" / "python"]
    return sorted([*(TEMPLATES / folder).rglob("*.yml"),
                   *(path for place in fragments for name in (forge, bot) for path in place.glob(name))])  # fmt: skip


def is_stub(source: Path) -> bool:
    """A file of one line that mounts another."""
    return source.read_text("utf-8").startswith("#% include") and len(source.read_text("utf-8").splitlines()) == 1


def copy_sources(template: Path, files: list[Path]) -> None:
    """The part of the template that a test is about: rendering all of it 40 times would take half a minute."""
    for file in files:
        target = template / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    shutil.copy(ROOT / "copier.yml", template)


def reader() -> Environment:
    delimiters = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8"))["_envops"]
    return Environment(**{key: text for key, text in delimiters.items() if key.endswith("_string")})  # noqa: S701


SOURCES = sources("github-actions", "github.yml", "dependabot*.yml")


def answers_in(files: list[Path]) -> set[str]:
    """Every answer that one of these files names."""
    names = set().union(*(meta.find_undeclared_variables(reader().parse(file.read_text("utf-8"))) for file in files))
    return {COMPUTED.get(name, name) for name in names}


def used_answers() -> set[str]:
    """Every answer that a workflow, a fragment or the update bot's file names."""
    return answers_in([*SOURCES, TEMPLATES / ".github" / "dependabot.yml.jinja"])


def combinations() -> list[dict[str, Any]]:
    """For each stack every pair of the answers that it asks and the pipelines use.

    The clouds and a database of theirs differ in their secrets only, so they take turns.
    """
    used = {
        name: choices()[name] for name in sorted(used_answers() - {"stack", "cloud", "database"}) if name in choices()
    }
    places = [{"cloud": cloud, "database": "none"} for cloud in choices()["cloud"]]
    places.append({"cloud": "scaleway", "database": "managed"})
    rounds = cycle(places)
    return [row | next(rounds) for stack in choices()["stack"] for row in rows_of(stack, used)]


def rows_of(stack: str, used: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Every pair of what one stack asks."""
    space = {name: values for name, values in used.items() if is_asked(name, {"stack": stack})}
    return [{"stack": stack} | row for row in covertable.make(space)]


def is_asked(name: str, answers: dict[str, Any]) -> bool:
    condition = reader().from_string(str(questionnaire()[name].get("when", "true"))).render(answers)
    return condition.lower() == "true"


@pytest.fixture(scope="module")
def github(tmp_path_factory) -> Path:
    """A folder with one repository per different outcome: combinations that give the same file share it."""
    base = tmp_path_factory.mktemp("workflows")
    template = base / "template"
    copy_sources(template, [*SOURCES, *(file for file in (TEMPLATES / ".github").rglob("*") if file.is_file())])
    seen: set[str] = set()
    for number, answers in enumerate(combinations()):
        repository = base / "rendered" / str(number)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            copier.run_copy(str(template), repository, data={"language": "en"} | answers, defaults=True, quiet=True)
        for file in sorted((repository / ".github").rglob("*.yml")):
            text = file.read_text("utf-8")
            if text not in seen:
                seen.add(text)
                kept = base / "distinct" / str(number) / file.relative_to(repository)
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_text(text, "utf-8")
    return base / "distinct"


def workflows(github: Path) -> list[Path]:
    return sorted(github.glob("*/.github/workflows/*.yml"))


def loaded(github: Path) -> list[tuple[str, dict[str, Any]]]:
    return [(path.name, yaml.safe_load(path.read_text("utf-8"))) for path in workflows(github)]


def jobs(github: Path) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{name} {key}", job) for name, told in loaded(github) for key, job in told["jobs"].items()]


def run(*command: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip


# ---- in place: a newcomer opens the source file in an editor -------------------------------------------------------


@pytest.mark.parametrize(
    "source", [file for file in SOURCES if not is_stub(file)], ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_a_source_is_valid_yaml_in_place(source):
    assert yaml.safe_load(source.read_text("utf-8"))


def test_every_workflow_is_mounted_by_one_line():
    mounted = sorted(path.name for path in (TEMPLATES / ".github" / "workflows").iterdir())
    assert mounted == sorted(f"{path.name}.jinja" for path in (TEMPLATES / "github-actions").glob("*.yml"))
    for name in mounted:
        text = (TEMPLATES / ".github" / "workflows" / name).read_text("utf-8")
        assert text == f"#% include 'templates/github-actions/{name.removesuffix('.jinja')}' %#\n"


def test_only_choices_enter_a_workflow():
    assert used_answers() <= choices().keys() | {"cloud", "ci", "scale", "database", "cloud_secrets", "secret"}


# ---- the tools that will read them ---------------------------------------------------------------------------------


@pytest.mark.needs("actionlint")
def test_actionlint_finds_nothing(github, toolbox):
    done = run(toolbox("actionlint"), *workflows(github))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("zizmor")
def test_zizmor_finds_nothing_in_its_strictest_persona(github, toolbox):
    arguments = ("--offline", "--no-progress", "--persona", "auditor", "--no-ignores", "--format", "json")
    done = run(toolbox("zizmor"), *arguments, github)
    assert json.loads(done.stdout) == [], done.stdout
    assert done.returncode == 0, done.stderr


@pytest.mark.needs("check-jsonschema")
@pytest.mark.parametrize(("schema", "pattern"), [("github-workflows", "*/.github/workflows/*.yml"),
                                                 ("dependabot", "*/.github/dependabot.yml")])  # fmt: skip
def test_the_schema_of_github_is_kept(github, toolbox, schema, pattern):
    files = sorted(github.glob(pattern))
    assert files
    done = run(toolbox("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", *files)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("yamllint")
def test_yamllint_finds_nothing(github, toolbox):
    # GitHub's keyword is "on", and a line with a pin has the length of the pin.
    style = "{extends: default, rules: {line-length: disable, document-start: disable, truthy: {check-keys: false}," \
            " braces: {max-spaces-inside: 0}, comments: {min-spaces-from-content: 1}}}"  # fmt: skip
    done = run(toolbox("yamllint"), "--strict", "-d", style, github)
    assert done.returncode == 0, done.stdout


@pytest.mark.needs("checkov")
def test_checkov_finds_nothing_with_the_settings_that_ship(github, toolbox):
    settings = TEMPLATES / ".checkov.yaml"
    done = run(toolbox("checkov"), "--skip-download", "--quiet", "--compact", "--framework", "github_actions",
               "--config-file", settings, "--output", "json", "--directory", github)  # fmt: skip
    told = json.loads(done.stdout)
    assert told["summary"]["failed"] == 0, told["results"]["failed_checks"]
    assert told["summary"]["passed"] > 0


# ---- what no tool checks -------------------------------------------------------------------------------------------


def test_nothing_is_allowed_unless_a_job_says_so(github):
    for name, told in loaded(github):
        assert told["permissions"] == {}, name
        assert told["concurrency"]["group"], name
        assert told["defaults"]["run"]["shell"] == "bash", name
    for name, job in jobs(github):
        assert "permissions" in job, name
        assert job["runs-on"] == "ubuntu-24.04", name
        assert job["timeout-minutes"] <= 30, name
        assert job["name"], name


def test_no_expression_stands_inside_a_script(github):
    for name, job in jobs(github):
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), f"{name}: {step['name']}"


def test_a_script_in_a_workflow_is_a_few_lines(github):
    for name, job in jobs(github):
        for step in job["steps"]:
            assert len(step.get("run", "").splitlines()) <= 4, f"{name}: {step['name']} belongs into scripts/"


def test_every_script_that_a_workflow_calls_exists(github, tmp_path):
    repository = render({}, tmp_path / "shop")
    called = {
        script
        for _, job in jobs(github)
        for step in job["steps"]
        for script in re.findall(r"scripts/[\w.-]+\.sh", step.get("run", ""))
    }
    assert {"scripts/test.sh", "scripts/checks.sh", "scripts/release.sh", "scripts/infrastructure.sh"} <= called
    for script in called:
        assert (repository / script).is_file(), script


def test_a_job_that_reads_a_secret_names_its_environment(github):
    for name, job in jobs(github):
        if "secrets." in json.dumps(job):
            assert "environment" in job, name


def test_what_changes_the_world_is_never_cancelled_half_way(github):
    for name, told in loaded(github):
        expected = name in ("ci.yml", "security.yml")
        assert told["concurrency"]["cancel-in-progress"] is expected, name


def test_a_push_cannot_take_the_place_of_a_waiting_rollback(github):
    groups = {name: told["concurrency"]["group"] for name, told in loaded(github)}
    assert groups["rollback.yml"] == "rollback-${{ inputs.environment }}"
    assert groups["deploy.yml"].startswith("deploy-")


def test_the_write_token_never_meets_a_pull_request(github):
    for name, told in loaded(github):
        if name == "infrastructure.yml":
            environment = told["jobs"]["plan"]["environment"]["name"]
            assert (
                environment == "${{ github.event_name == 'pull_request' && 'infrastructure-plan' || 'infrastructure' }}"
            )
            assert told["jobs"]["apply"]["if"] == "${{ github.event_name != 'pull_request' }}"
            assert "pull_request" not in told["jobs"]["plan"].get("permissions", {})
        elif "pull_request" in told[True]:  # YAML reads the key "on" as true
            assert "secrets." not in json.dumps(told), name
        assert "pull_request_target" not in told[True] and "workflow_run" not in told[True], name


def test_one_job_stands_for_all_checks(github):
    for name, told in loaded(github):
        if name == "ci.yml":
            gate = told["jobs"]["all"]
            assert gate["name"] == "All checks"
            assert set(gate["needs"]) == told["jobs"].keys() - {"all"}
            assert gate["if"] == "${{ always() }}"


def test_an_existing_image_is_released_without_test_and_build(github):
    deploys = [told for name, told in loaded(github) if name == "deploy.yml"]
    assert deploys
    for told in deploys:
        assert told["jobs"]["test"]["if"] == "${{ !inputs.image }}"
        assert told["jobs"]["build"]["needs"] == "test"
        assert told["jobs"]["deploy"]["if"] == "${{ !cancelled() && !failure() }}"


@pytest.mark.parametrize("environments", choices()["environments"])
def test_main_goes_to_the_first_environment_and_promotion_to_the_next(tmp_path, environments):
    folder = render({"environments": environments}, tmp_path / "shop") / ".github" / "workflows"
    deploy = yaml.safe_load((folder / "deploy.yml").read_text("utf-8"))["jobs"]["deploy"]
    rollback = yaml.safe_load((folder / "rollback.yml").read_text("utf-8"))
    options = rollback[True]["workflow_dispatch"]["inputs"]["environment"]["options"]
    if environments == "production":
        assert deploy["environment"]["name"] == deploy["env"]["ENVIRONMENT"] == "production"
        assert options == ["production"]
        assert not (folder / "promote.yml").exists()
    else:
        assert deploy["environment"]["name"] == deploy["env"]["ENVIRONMENT"] == "staging"
        assert options == ["production", "staging"]
        promote = yaml.safe_load((folder / "promote.yml").read_text("utf-8"))["jobs"]
        assert promote["staging"]["environment"] == {"name": "staging", "deployment": False}
        assert promote["production"]["environment"]["name"] == "production"


def test_setup_asks_for_exactly_what_the_pipelines_read(github):
    """The secrets of a cloud stand in two places: the list that setup.sh reads, and the workflows."""
    keys = {
        "PLAN_KEY", "STATE_KEY", "SSH_HOST_KEY_STAGING", "SSH_HOST_KEY_PRODUCTION",
        "DATABASE_PASSWORD_STAGING", "DATABASE_PASSWORD_PRODUCTION",
        "TEMPLATE_TOKEN",  # who wants pull requests makes it
    }  # fmt: skip
    read: dict[str, set[str]] = {"infrastructure.yml": set(), "scheduled.yml": set()}
    for name, told in loaded(github):
        if name in read:
            read[name].add(" ".join(sorted(set(re.findall(r"secrets\.(\w+)", json.dumps(told))) - keys)))
    asked = set()
    for path in TEMPLATES.glob("terraform/*/credentials.txt*"):
        rows = [r.split("|") for r in path.read_text("utf-8").splitlines() if r and not r.startswith("#")]
        asked.add(" ".join(sorted({row[0].strip() for row in rows})))
        for row in rows:
            assert set(row[1].split()) <= {"infrastructure-plan", "infrastructure"}
    assert read == {"infrastructure.yml": asked, "scheduled.yml": asked}


def test_every_kind_of_dependency_waits_two_weeks_and_comes_as_one_request(github):
    for path in github.glob("*/.github/dependabot.yml"):
        for update in yaml.safe_load(path.read_text("utf-8"))["updates"]:
            assert update["cooldown"] == {"default-days": 14}, update["package-ecosystem"]
            assert [group["patterns"] for group in update["groups"].values()] == [["*"]]
