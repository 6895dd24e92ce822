"""GitLab's pipelines, for every pair of the answers that they depend on, before the tools that read them."""

import json
import re
import subprocess
import warnings
from pathlib import Path
from typing import Any

import copier
import covertable
import pytest
import yaml

from tests.fast.test_workflows import answers_in, copy_sources, is_asked, is_stub, run, sources
from tests.generation import ROOT, choices, render

TEMPLATES = ROOT / "templates"
SOURCES = sources("gitlab-ci", "gitlab.yml", "renovate.json")
IN_PLACE = [file for file in SOURCES if file.suffix == ".yml" and not is_stub(file)]
RENOVATE = TEMPLATES / ".gitlab" / "renovate.json.jinja"
STUBS = sorted(TEMPLATES.glob(".gitlab-ci.yml.jinja")) + sorted(TEMPLATES.glob(".gitlab/ci/*.jinja"))
MERGE_REQUEST = {"PIPELINE": "check", "INFRASTRUCTURE": "infrastructure-plan"}
"""What `workflow` says of a merge request; gitlab-ci-local does not read it, so the tests hand it over."""
ALWAYS = ["test", "checks", "migrations", "smoke", "secrets", "dependencies"]
RELEASE = ["test", "secrets", "dependencies", "holes in the image", "build", "deploy"]


def used_answers() -> set[str]:
    return answers_in([*SOURCES, RENOVATE])


def combinations() -> list[dict[str, Any]]:
    space = {name: choices()[name] for name in sorted(used_answers()) if name in choices()}
    space["database"] = ["none", "postgres"]  # to the tests one database is like another
    rows = [{name: row[name] for name in row if is_asked(name, row)} for row in covertable.make(space)]
    return [row for number, row in enumerate(rows) if row not in rows[:number]]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> list[Path]:
    """One repository per row of answers, with the part of the template that this file is about."""
    base = tmp_path_factory.mktemp("gitlab")
    template = base / "template"
    copy_sources(template, [*SOURCES, *STUBS, RENOVATE])
    repositories = []
    for number, answers in enumerate(combinations()):
        repositories.append(base / "rendered" / str(number))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            copier.run_copy(str(template), repositories[-1], data={"language": "en", "ci": "gitlab"} | answers,
                            defaults=True, quiet=True)  # fmt: skip
    return repositories


def files(repository: Path) -> list[Path]:
    return [repository / ".gitlab-ci.yml", *sorted(repository.glob(".gitlab/ci/*.yml"))]


def loaded(repository: Path) -> dict[str, Any]:
    """All files of a pipeline as one, and every job with what it extends."""
    told: dict[str, Any] = {}
    for file in files(repository):
        told |= yaml.safe_load(file.read_text("utf-8"))
    return {name: _whole(told, job) if isinstance(job, dict) else job for name, job in told.items()}


def _whole(told: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    names = job.get("extends", [])
    whole: dict[str, Any] = {}
    for name in [names] if isinstance(names, str) else names:
        whole = _merged(whole, _whole(told, told[name]))
    return _merged(whole, {key: value for key, value in job.items() if key != "extends"})


def _merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    merged = dict(first)
    for key, value in second.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def jobs(repository: Path) -> dict[str, dict[str, Any]]:
    return {name: job for name, job in loaded(repository).items()
            if isinstance(job, dict) and "script" in job and not name.startswith(".")}  # fmt: skip


def every_job(rendered: list[Path]) -> list[tuple[str, dict[str, Any]]]:
    return [(name, job) for repository in rendered for name, job in jobs(repository).items()]


# ---- in place: a newcomer opens the source file in an editor -------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [file for file in SOURCES if file.suffix == ".yml" and not is_stub(file)],
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_a_source_is_valid_yaml_in_place(source):
    assert yaml.safe_load(source.read_text("utf-8"))


def test_every_pipeline_file_is_mounted_by_one_line():
    mounted = {stub.read_text("utf-8") for stub in STUBS}
    names = [path.name for path in (TEMPLATES / "gitlab-ci").glob("*.yml")]
    assert mounted == {f"#% include 'templates/gitlab-ci/{name}' %#\n" for name in names}


def test_only_choices_enter_a_pipeline():
    assert used_answers() <= choices().keys() | {"cloud", "ci", "scale", "database"}


@pytest.mark.parametrize("forge", choices()["ci"])
def test_only_the_chosen_forge_is_there(tmp_path, forge):
    repository = render({"ci": forge}, tmp_path / "shop")
    for name in (".github", "scripts/github.sh"):
        assert (repository / name).exists() == (forge == "github"), name
    for name in (".gitlab-ci.yml", ".gitlab", "scripts/gitlab.sh"):
        assert (repository / name).exists() == (forge == "gitlab"), name
    assert not (repository / "gitlab-ci").exists() and not (repository / "words").exists()
    other = re.compile(r"gitlab|glab\b" if forge == "github" else r"github|\bgh ", re.IGNORECASE)
    for path in repository.rglob("*"):
        inside = path.relative_to(repository)
        # The template is wherever it is, not where the repository is.
        if path.is_file() and "tests" not in inside.parts and inside.as_posix() != "scripts/template.sh":
            assert not other.search(path.read_text("utf-8")), path


# ---- the tools that will read them ---------------------------------------------------------------------------------


@pytest.mark.needs("check-jsonschema")
def test_the_schema_of_gitlab_is_kept(rendered, toolbox):
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--regex-variant", "nonunicode")
    done = run(toolbox("check-jsonschema"), *schema, *(file for repository in rendered for file in files(repository)))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("check-jsonschema")
def test_the_schema_of_renovate_is_kept(rendered, toolbox):
    configurations = {(repository / ".gitlab/renovate.json") for repository in rendered}
    done = run(toolbox("check-jsonschema"), "--builtin-schema", "vendor.renovate", *configurations)
    assert done.returncode == 0, done.stdout + done.stderr
    for path in configurations:
        assert json.loads(path.read_text("utf-8"))["minimumReleaseAge"] == "14 days"


@pytest.mark.needs("yamllint")
def test_yamllint_finds_nothing(rendered, toolbox):
    style = "{extends: default, rules: {line-length: disable, document-start: disable," \
            " braces: {max-spaces-inside: 0}, comments: {min-spaces-from-content: 1}}}"  # fmt: skip
    done = run(toolbox("yamllint"), "--strict", "-d", style, *(file for it in rendered for file in files(it)))
    assert done.returncode == 0, done.stdout


def listed(toolbox, repository: Path, **variables: str) -> list[str]:
    """The jobs of a pipeline that is started with these variables, in GitLab's own reading of rules and needs."""
    for command in (["init", "--initial-branch", "main"], ["add", "--all"],
                    ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--message", "as it is"],
                    ["remote", "add", "origin", "git@gitlab.com:acme/shop.git"]):  # fmt: skip
        if not (repository / ".git").exists() or command[0] != "init":
            subprocess.run(["git", *command], cwd=repository, capture_output=True, check=False)
    given = [f"--variable={name}={value}" for name, value in variables.items()]
    done = run(toolbox("gitlab-ci-local"), "--list-csv", "--no-evaluate-rule-changes", *given, folder=repository)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = done.stdout.split("name;", 1)[1].splitlines()[1:]
    return [row.split(";")[0] for row in rows]


def expected(environments: str, **variables: str) -> list[str]:
    both = ["staging", "production"] if environments == "staging_production" else ["production"]
    built = [f"{verb} {name}" for name in both for verb in ("plan", "apply")]
    match variables.get("PIPELINE", "deploy"):
        case "check":
            return [*ALWAYS, *(f"plan {name}" for name in both)]
        case "deploy" if variables.get("IMAGE"):
            return [job for job in RELEASE if job not in ("test", "build")] + built
        case "deploy":
            return [*RELEASE, *built]
        case "promote":
            return ["ask staging", "promote"]
        case "rollback":
            return [f"rollback {variables.get('ENVIRONMENT', 'production')}"]
        case "infrastructure":
            return built
        case "weekly":
            return [
                "secrets",
                "dependencies",
                "holes in the image",
                "newer template",
                *(f"drift {name}" for name in both),
            ]
    raise AssertionError(variables)


@pytest.mark.needs("gitlab-ci-local")
@pytest.mark.parametrize("environments", choices()["environments"])
def test_each_kind_of_pipeline_has_its_jobs(tmp_path, toolbox, environments):
    repository = render({"ci": "gitlab", "environments": environments}, tmp_path / "shop")
    kinds = [
        MERGE_REQUEST | {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "7", "CI_PROJECT_ID": "7"},
        {},
        {"IMAGE": "registry.gitlab.com/acme/shop@sha256:0"},
        {"PIPELINE": "rollback"},
        {"PIPELINE": "infrastructure"},
        {"PIPELINE": "weekly"},
    ]
    if environments == "staging_production":
        kinds += [{"PIPELINE": "promote"}, {"PIPELINE": "rollback", "ENVIRONMENT": "staging"}]
    for variables in kinds:
        assert sorted(listed(toolbox, repository, **variables)) == sorted(expected(environments, **variables)), (
            variables
        )


@pytest.mark.needs("gitlab-ci-local")
def test_a_merge_request_from_a_fork_gets_no_plan(tmp_path, toolbox):
    repository = render({"ci": "gitlab"}, tmp_path / "shop")
    fork = MERGE_REQUEST | {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "8", "CI_PROJECT_ID": "7"}
    assert sorted(listed(toolbox, repository, **fork)) == sorted(ALWAYS)


@pytest.mark.needs("gitlab-ci-local")
def test_every_combination_can_be_read(rendered, toolbox):
    assert len(rendered) > 4
    for repository in rendered:
        assert "deploy" in listed(toolbox, repository)


# ---- what no tool checks -------------------------------------------------------------------------------------------


def test_nothing_runs_twice_and_only_what_checks_may_be_cancelled(rendered):
    for repository in rendered:
        workflow = loaded(repository)["workflow"]
        conditions = [rule["if"] for rule in workflow["rules"]]
        main = "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"
        assert conditions == [
            '$CI_PIPELINE_SOURCE == "merge_request_event"', f'{main} && $CI_PIPELINE_SOURCE == "schedule"', main,
        ]  # fmt: skip
        assert workflow["rules"][0]["variables"] == MERGE_REQUEST
        assert workflow["rules"][1]["variables"] == {"PIPELINE": "weekly"}
        for rule in workflow["rules"][1:]:
            assert rule["auto_cancel"] == {"on_new_commit": "none"}
        for name, job in jobs(repository).items():
            assert job.get("interruptible", False) == (job["stage"] == "check"), name


def test_every_job_has_its_time_and_its_image(rendered):
    pins = yaml.safe_load((ROOT / "templates" / "pins.yml").read_text("utf-8"))["images"]
    without = {f"{pin['name']}:{pin['tag']}" for pin in pins if "digest" not in pin}
    for name, job in every_job(rendered):
        assert int(job["timeout"].removesuffix("m")) <= 30, name
        image = job["image"]["name"] if isinstance(job["image"], dict) else job["image"]
        for pinned in [image, *(service["name"] for service in job.get("services", []))]:
            assert pinned in without or re.fullmatch(r"[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}", pinned), name


def test_the_work_is_in_the_scripts(rendered, tmp_path):
    repository = render({"ci": "gitlab"}, tmp_path / "shop")
    called = set()
    for name, job in every_job(rendered):
        for line in (*job["script"], *job.get("after_script", [])):
            (script,) = re.findall(r"^bash (scripts/[\w.-]+\.sh)\b", line)
            called.add(script)
        assert len(job["script"]) <= 4, name
    assert {"scripts/test.sh", "scripts/checks.sh", "scripts/release.sh", "scripts/infrastructure.sh"} <= called
    for script in called:
        assert (repository / script).is_file(), script


def test_every_group_of_checks_has_its_job(rendered, tmp_path):
    script = (render({"ci": "gitlab"}, tmp_path / "shop") / "scripts/checks.sh").read_text("utf-8")
    (groups,) = re.findall(r'^groups="(.+)"$', script, re.MULTILINE)
    for repository in rendered:
        lines = [line for job in jobs(repository).values() for line in job["script"]]
        named = [line.removeprefix("bash scripts/checks.sh ") for line in lines if "checks.sh" in line]
        assert sorted(" ".join(named).split()) == sorted(groups.split())


def test_what_uses_a_secret_names_its_environment_and_what_checks_has_none(rendered):
    for name, job in every_job(rendered):
        assert ("environment" in job) == (job["stage"] in ("infrastructure", "release")), name


def test_a_merge_request_never_meets_what_may_change_something(rendered):
    for name, job in every_job(rendered):
        for rule in job["rules"]:
            if '"check"' in rule["if"] and job["stage"] != "check":
                assert name.startswith("plan "), name
                assert job["environment"] == {"name": "$INFRASTRUCTURE", "action": "access"}
                assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule["if"]


def test_releases_to_an_environment_come_one_after_the_other_and_a_rollback_waits_for_none(rendered):
    for name, job in every_job(rendered):
        verb, _, environment = name.partition(" ")
        if verb in ("deploy", "promote"):
            assert job["resource_group"] == f"deploy-{job['environment']['name']}", name
        elif verb == "rollback":
            assert job["resource_group"] == f"rollback-{environment}" and job["needs"] == [], name
        elif verb == "apply":
            assert job["resource_group"] == "infrastructure", name


def test_a_release_reports_what_serves_even_when_it_failed(rendered):
    for name, job in every_job(rendered):
        if job["stage"] == "release" and job["environment"].get("action") != "access":
            environment = job["environment"]["name"]
            assert job["after_script"] == [f"bash scripts/gitlab.sh report {environment}"], name
            assert job["environment"]["url"] == "$ADDRESS" and job["artifacts"]["when"] == "always", name


def test_a_release_installs_nothing_on_the_way(rendered):
    for name, job in every_job(rendered):
        if job["stage"] == "release":
            assert "before_script" not in job, name
