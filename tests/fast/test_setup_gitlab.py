"""The first hour with GitLab, run: what scripts/setup.sh makes, asks for, and hands to GitLab."""

import json
import subprocess

import pytest

from tests.fast.repository import STAND_INS, Repository
from tests.fast.test_setup import TOKENS, half_of

KEYS = ("DEPLOY_SSH_KEY", "SSH_HOST_KEY_PRODUCTION", "SSH_HOST_KEY_STAGING")
TYPED = "\n".join(TOKENS) + "\n"


@pytest.fixture
def shop(generated) -> Repository:
    return generated(ci="gitlab")


def assert_nothing_leaked(shop: Repository, *runs: subprocess.CompletedProcess[str]) -> None:
    """No secret was printed, given as an argument or put into the repository."""
    everything = [run.stdout + run.stderr for run in runs] + [json.dumps(shop.gitlab["calls"])]
    everything += [path.read_text(errors="replace") for path in shop.path.rglob("*") if path.is_file()]
    for variable in shop.gitlab["variables"].values():
        for part in variable["value"].splitlines():
            if "PRIVATE KEY" not in part:
                assert not any(part in text for text in everything), part


def test_the_first_run_makes_everything(shop, tmp_path):
    done = shop.run("setup.sh", typed=TYPED)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("git push --set-upstream origin main"), done.stdout
    variables = shop.gitlab["variables"]
    assert variables.keys() == {
        "production/DEPLOY_SSH_KEY",
        "infrastructure/SSH_HOST_KEY_PRODUCTION", "infrastructure/PLAN_KEY", "infrastructure/HCLOUD_TOKEN",
        "infrastructure/STATE_KEY", "infrastructure-plan/STATE_KEY",
        "infrastructure/AWS_ACCESS_KEY_ID", "infrastructure/AWS_SECRET_ACCESS_KEY",
        "infrastructure-plan/HCLOUD_TOKEN",
        "infrastructure-plan/AWS_ACCESS_KEY_ID", "infrastructure-plan/AWS_SECRET_ACCESS_KEY",
    }  # fmt: skip
    assert variables["infrastructure-plan/HCLOUD_TOKEN"]["value"] == TOKENS[0]
    assert variables["infrastructure/HCLOUD_TOKEN"]["value"] == TOKENS[1]
    keys = shop.public()
    assert keys.keys() == {"admin/ada-lovelace.pub", "deploy/production/gitlab-ci.pub", "host/production.pub"}
    assert half_of(variables["production/DEPLOY_SSH_KEY"]["value"], tmp_path) in keys["deploy/production/gitlab-ci.pub"]
    assert shop.waiting().keys() == {"infrastructure/STATE_KEY"}, "it waits for somebody to keep it"
    assert_nothing_leaked(shop, done)


def test_a_key_is_a_file_a_token_is_masked_and_only_what_reads_is_unprotected(shop):
    shop.run("setup.sh", typed=TYPED)
    for place, variable in shop.gitlab["variables"].items():
        environment, name = place.split("/")
        assert variable["type"] == ("file" if name in KEYS else "env_var"), place
        assert variable["masked"] == (name not in KEYS), place
        assert variable["protected"] == (environment != "infrastructure-plan"), place


def test_the_second_run_changes_nothing_and_says_so(shop):
    shop.run("setup.sh", typed=TYPED)
    shop.commit()
    before = shop.gitlab
    again = shop.run("setup.sh")
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stdout.rstrip().endswith("Everything is there.")
    assert "made" not in again.stdout
    assert {**before, "calls": []} == {**shop.gitlab, "calls": []}
    assert shop.git("status", "--porcelain") == ""


def test_two_environments_share_no_key(generated):
    shop = generated(ci="gitlab", environments="staging_production")
    done = shop.run("setup.sh", typed=TYPED)
    assert done.returncode == 0, done.stdout + done.stderr
    variables = shop.gitlab["variables"]
    assert variables["staging/DEPLOY_SSH_KEY"] != variables["production/DEPLOY_SSH_KEY"]
    assert {"deploy/staging/gitlab-ci.pub", "deploy/production/gitlab-ci.pub"} <= shop.public().keys()


def test_the_weekly_pipeline_is_made_once(shop):
    for _ in range(2):
        shop.run("setup.sh", typed=TYPED)
    (schedule,) = shop.gitlab["schedules"]
    assert schedule["cron"] == "17 4 * * 1"


def test_releases_come_in_the_order_of_their_pipelines_once_there_was_one(shop):
    first = shop.run("setup.sh", typed=TYPED)
    assert "Run this again after the first pipeline" in first.stdout
    shop.gitlab = shop.gitlab | {"groups": {"deploy-production": {"process_mode": "unordered"}}}
    assert "made    order of releases to production" in shop.run("setup.sh").stdout
    assert shop.gitlab["groups"] == {"deploy-production": {"process_mode": "oldest_first"}}
    assert "there   order of releases to production" in shop.run("setup.sh").stdout


def test_a_project_that_takes_no_variables_is_told_to(shop):
    role = "ci_pipeline_variables_minimum_override_role"
    shop.gitlab = shop.gitlab | {"project": shop.gitlab["project"] | {role: "no_one_allowed"}}
    shop.run("setup.sh", typed=TYPED)
    assert shop.gitlab["project"][role] == "developer"


def test_a_new_key_for_the_pipeline_replaces_the_old_variable(shop):
    shop.run("setup.sh", typed=TYPED)
    before = shop.gitlab["variables"]["production/DEPLOY_SSH_KEY"]
    (shop.path / "terraform/keys/deploy/production/gitlab-ci.pub").unlink()
    done = shop.run("setup.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert shop.gitlab["variables"]["production/DEPLOY_SSH_KEY"] != before


def test_without_glab_it_says_what_to_enter_where(generated):
    shop = generated(None, ci="gitlab")
    done = shop.run("setup.sh")
    assert done.returncode == 1
    assert "glab is not installed" in done.stdout and "GitHub" not in done.stdout
    assert shop.waiting().keys() == {
        "production/DEPLOY_SSH_KEY", "infrastructure/SSH_HOST_KEY_PRODUCTION", "infrastructure/PLAN_KEY",
        "infrastructure/STATE_KEY",
    }  # fmt: skip
    assert "Minimum role to use pipeline variables: Developer" in done.stdout
    assert "Pipeline schedules, New schedule" in done.stdout
    told = "GitLab, Settings, CI/CD, Variables, Add variable for the environment"
    assert f"{told} production (type File, protected): DEPLOY_SSH_KEY = content of " in done.stdout
    assert f"{told} infrastructure-plan (masked, not expanded): HCLOUD_TOKEN = token that may only READ" in done.stdout
    both = "infrastructure-plan (masked, not expanded), and again for infrastructure (masked, not expanded, protected)"
    assert f"{told} {both}: AWS_ACCESS_KEY_ID" in done.stdout


def test_what_waited_is_delivered_when_glab_comes(generated):
    shop = generated(None, ci="gitlab")
    shop.run("setup.sh")
    host_key = shop.public()["host/production.pub"]
    (shop.programs / "glab").symlink_to(STAND_INS / "glab")
    project = {"path_with_namespace": "acme/Shop", "default_branch": "main"}
    shop.gitlab = {"user": "Ada", "role": "maintainer", "protected": ["main"], "schedules": [], "groups": {},
                   "variables": {}, "project": project, "calls": []}  # fmt: skip
    done = shop.run("setup.sh", typed=TYPED)
    assert done.returncode == 0, done.stdout + done.stderr
    assert shop.public()["host/production.pub"] == host_key
    assert shop.waiting().keys() == {"infrastructure/STATE_KEY"}, "it waits for somebody to keep it"


def test_a_value_that_gitlab_cannot_mask_is_refused_in_one_sentence(shop):
    done = shop.run("setup.sh", typed="short\n")
    assert done.returncode == 1
    assert done.stderr.endswith("GitLab refused the secret HCLOUD_TOKEN; the reason stands above.\n")


def test_a_lost_host_key_is_fetched_from_the_server_that_has_it(shop):
    shop.run("setup.sh", typed=TYPED)
    state = shop.gitlab
    del state["variables"]["infrastructure/SSH_HOST_KEY_PRODUCTION"]
    shop.gitlab = state
    done = shop.run("setup.sh")
    assert done.returncode == 1
    command = "glab variable set SSH_HOST_KEY_PRODUCTION --scope infrastructure --type file --protected"
    assert f"/etc/ssh/ssh_host_ed25519_key | {command}." in done.stdout


def test_a_colleague_who_is_no_maintainer_adds_their_key_and_nothing_else(shop):
    shop.gitlab = shop.gitlab | {"role": "developer"}
    done = shop.run("setup.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "You are no administrator of acme/web/Shop" in done.stdout
    assert shop.gitlab["variables"] == {}
    assert shop.public().keys() == {"admin/ada-lovelace.pub"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"project": {"path_with_namespace": "acme/Shop", "default_branch": "master"}}, "yours is called master"),
        ({"project": {"path_with_namespace": "acme/Shop", "default_branch": None}}, "There is no branch main yet"),
        ({"protected": []}, "Protected branches: add main"),
    ],
)
def test_what_a_project_lacks_is_told(shop, change, sentence):
    shop.gitlab = shop.gitlab | change
    done = shop.run("setup.sh", typed=TYPED)
    assert done.returncode == 1
    assert sentence in done.stdout


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"user": ""}, "glab is not logged in."), ({"project": None}, "This repository is not at GitLab yet.")],
)
def test_a_project_that_cannot_be_reached_is_one_sentence(shop, change, sentence):
    shop.gitlab = shop.gitlab | change
    done = shop.run("setup.sh")
    assert done.returncode == 1
    assert done.stderr.startswith(sentence) and done.stderr.count("\n") == 1
    assert shop.public() == {}
