"""GitLab's pipelines themselves, run by gitlab-ci-local: from a commit to what visitors get, with real builds, a real
registry and a real server behind real SSH. The same story as with GitHub's workflows."""

import re
from collections.abc import Iterator

import pytest

from tests.generation import render
from tests.pipelines.gitlab_runner import GitLabRunner
from tests.pipelines.runner import Run
from tests.pipelines.test_workflows_run import (
    ANSWER,
    START,
    TEST_STAGE,
    Shop,
    starter,
    with_visitors,
)
from tests.releases.team import alone, fit_for_tests, team_and_server

CHECKS = dict.fromkeys(["test", "checks", "migrations", "smoke", "secrets", "dependencies"], "success")
RELEASE = dict.fromkeys(["test", "secrets", "dependencies", "holes in the image", "build", "deploy"], "success")
MERGE_REQUEST = {"PIPELINE": "check", "INFRASTRUCTURE": "infrastructure-plan"}

pytestmark = pytest.mark.needs("docker", "gitlab-ci-local", "rsync")
has_server = pytest.mark.needs("compose", "docker-registry", "sshd")


# ---- a merge request ---------------------------------------------------------------------------------


@pytest.mark.needs(
    "amtool",
    "caddy",
    "checkov",
    "compose",
    "hadolint",
    "promtool",
    "provider-hcloud",
    "shellcheck",
    "terraform",
    "tflint",
)
def test_a_merge_request_is_green_on_the_starter(tmp_path, base_image, registry):
    repository = starter(tmp_path, base_image, ci="gitlab")
    run = GitLabRunner(repository, tmp_path / "home", registry).run(**MERGE_REQUEST)
    assert run.code == 0
    assert run.jobs == CHECKS
    assert "The image starts, and /healthz answers on port 8000." in run.log
    assert "FAILED" not in run.log and "not checked" not in run.log


def test_one_red_job_makes_the_pipeline_red(tmp_path, base_image, registry):
    repository = starter(tmp_path, base_image, ci="gitlab")
    (repository / "scripts/smoke.sh").write_text("#!/bin/sh\nexit 1\n", "utf-8")
    run = GitLabRunner(repository, tmp_path / "home", registry).run(**MERGE_REQUEST)
    assert run.code == 1
    assert run.jobs == CHECKS | {"smoke": "failure"}


# ---- from a push to the server -----------------------------------------------------------------------


class ShopAtGitLab(Shop):
    """A team whose repository is at GitLab: what its pipeline gets is a file, in one environment only."""

    def push(self, title: str, before: str = "", after: str = "") -> Run:
        """Push to main, as with GitHub."""
        self.pushed = super().push(title, before, after)
        return self.pushed

    def run(self, workflow: str, event: str = "push", **given: str) -> Run:
        """Start the pipeline of that name."""
        variables = {name: value for name, value in given.items() if name.isupper()}
        return self.runner.run(
            {"DEPLOY_SSH_KEY": {"production": self.team.pipeline["DEPLOY_SSH_KEY"]}}, PIPELINE=workflow, **variables
        )


@pytest.fixture(scope="module")
def shop(registry, base_image, docker, tmp_path_factory) -> Iterator[ShopAtGitLab]:
    """The starter with a test of its own, its server, and nothing released yet."""
    folder = tmp_path_factory.mktemp("starter")
    repository = starter(folder, base_image, ci="gitlab", domain="localhost.example.com", grafana=False)
    fit_for_tests(repository, base_image)
    security = repository / "scripts/security.sh"  # its base image is the one that is here
    security.write_text(security.read_text("utf-8").replace(" --pull", ""), "utf-8")
    dockerfile = repository / "Dockerfile"
    dockerfile.write_text(TEST_STAGE + dockerfile.read_text("utf-8"), "utf-8")
    with alone(), team_and_server(repository, registry, base_image, docker, tmp_path_factory) as team:
        where = {name: team.pipeline[name] for name in ("DEPLOY_HOST", "DEPLOY_PORT")}
        yield ShopAtGitLab(team, GitLabRunner(team.repository, folder / "home", registry, **where), registry)


@has_server
def test_a_push_is_tested_built_and_released_by_its_digest_with_the_pipelines_key(shop):
    run = shop.push("It is new.")
    assert run.code == 0
    assert run.jobs == RELEASE
    assert shop.title() == "It is new."
    last = shop.last()
    assert (last["result"], last["actor"]) == ("deployed", "gitlab-ci")
    assert last["image"] == f"{shop.registry}/acme/shop@{shop.digest()}"
    assert "production: https://localhost" in run.log
    assert "PRIVATE KEY" not in run.log


@has_server
def test_nobody_notices_the_next_push(shop):
    shop.serving()
    run, load = with_visitors(lambda: shop.push("It is better."))
    assert run.jobs == RELEASE
    assert shop.title() == "It is better."
    assert load.failed == 0, load


@has_server
def test_a_failing_test_ends_it_before_anything_is_built(shop):
    former = shop.serving()
    run = shop.push("Nothing.")
    assert run.code == 1
    assert run.jobs["test"] == "failure" and not {"build", "deploy"} & run.jobs.keys()
    assert "the page does not say what it does" in run.log
    assert shop.title() == former


@has_server
def test_an_image_that_does_not_start_makes_the_job_fail_with_the_reason_and_the_code_of_the_release(shop):
    former = shop.serving()
    run = shop.push("It is bad.", START, START + '    sys.exit("there is no database")\n')
    assert run.code == 1
    assert run.jobs == RELEASE | {"deploy": "failure"}
    assert re.search(r"^deploy .* FAIL 1\b", run.log, re.MULTILINE)
    assert f"{shop.last()['release']} failed: " in run.log
    assert "there is no database" in run.log
    assert "serves since" in run.log, "the report comes all the same"
    assert shop.title() == former


@has_server
def test_a_release_that_fails_visitors_goes_back_by_itself_and_makes_the_job_fail(shop):
    former = shop.serving()
    failing = '        if self.path == "/":\n            return self.send_error(500)\n'
    run, load = with_visitors(lambda: shop.push("It is bad.", ANSWER, failing + ANSWER))
    assert run.jobs == RELEASE | {"deploy": "failure"}
    assert re.search(r"^deploy .* FAIL 3\b", run.log, re.MULTILINE)
    assert shop.last()["result"] == "rolled_back"
    assert re.search(rf"{shop.last()['release']} was rolled back: \d+ of \d+ requests failed", run.log)
    assert shop.title() == former, load


@has_server
def test_an_image_that_exists_is_released_without_a_build(shop):
    shop.push("It is old.")
    image = shop.last()["image"]
    shop.push("It is newer.")
    run = shop.run("deploy", IMAGE=image)
    assert run.code == 0
    assert run.jobs.keys() == RELEASE.keys() - {"test", "build"}
    assert shop.last()["image"] == image
    assert shop.title() == "It is old."


@has_server
def test_a_rollback_brings_back_the_release_before(shop):
    former = shop.serving()
    shop.push("It is next.")
    assert shop.title() == "It is next."
    run, load = with_visitors(lambda: shop.run("rollback", REASON="Too new"))
    assert run.code == 0
    assert run.jobs == {"rollback production": "success"}
    assert shop.title() == former
    assert (shop.last()["actor"], shop.last()["reason"]) == ("gitlab-ci", "Too new")
    assert load.failed == 0, load


@has_server
def test_a_rollback_brings_back_a_release_that_is_named(shop):
    shop.push("It is the one.")
    wanted = shop.last()["release"]
    for title in ("It is another.", "It is yet another."):
        shop.push(title)
    run = shop.run("rollback", RELEASE=wanted)
    assert run.jobs == {"rollback production": "success"}
    assert shop.title() == "It is the one."


@has_server
def test_a_job_of_another_environment_does_not_get_the_key(shop, tmp_path, base_image, registry):
    """What the scope of a variable is good for: here it is the key of staging that production must not get."""
    shop.serving()
    before = len(shop.team.history())
    run = shop.runner.run({"DEPLOY_SSH_KEY": {"staging": shop.team.pipeline["DEPLOY_SSH_KEY"]}}, PIPELINE="rollback")
    assert run.jobs == {"rollback production": "failure"}
    assert re.search(r"FAIL 255\b", run.log)
    assert len(shop.team.history()) == before


def test_what_staging_runs_goes_to_production(tmp_path, base_image, registry):
    """The way of the digest between the jobs; the server is not part of it."""
    repository = render({"ci": "gitlab", "environments": "staging_production"}, tmp_path / "shop")
    (repository / "scripts/release.sh").write_text(
        '#!/usr/bin/env bash\n# Stand-in.\n[[ $2 == deploy ]] && echo "$* as $REGISTRY_USER, ${REASON:-}"\n'
        """[[ $2 != status ]] || echo '{"release": "r7", "image": "registry.example.com/acme/shop@sha256:77"}'\n""",
        "utf-8",
    )
    run = GitLabRunner(repository, tmp_path / "home", registry).run(PIPELINE="promote", REASON="Friday")
    assert run.code == 0
    assert run.jobs == {"ask staging": "success", "promote": "success"}
    assert "production deploy registry.example.com/acme/shop@sha256:77 as gitlab-ci-token, Friday" in run.log
