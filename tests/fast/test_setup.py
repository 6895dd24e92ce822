"""The first hour, run: what scripts/setup.sh makes, asks for, and hands to GitHub."""

import base64
import json
import re
import stat
import subprocess
from pathlib import Path

import pytest

from tests.fast.repository import STAND_INS, Repository

TOKENS = ("read-token-1111", "write-token-2222", "access-key-3333", "secret-key-4444")


def half_of(private: str, tmp_path: Path) -> str:
    """The public key that belongs to a private one."""
    file = tmp_path / "private"
    file.write_text(private + "\n")
    file.chmod(0o600)
    told = subprocess.run(["ssh-keygen", "-y", "-f", file], capture_output=True, text=True, check=True).stdout
    return told.split()[1]


def assert_nothing_leaked(repository: Repository, *runs: subprocess.CompletedProcess[str]) -> None:
    """No secret was printed, given as an argument or put into the repository."""
    state = repository.github
    everything = [run.stdout + run.stderr for run in runs] + [json.dumps(state["calls"])]
    everything += [path.read_text(errors="replace") for path in repository.path.rglob("*") if path.is_file()]
    for value in state["secrets"].values():
        for part in value.splitlines():
            if len(part) >= 12 and "PRIVATE KEY" not in part:
                assert not any(part in text for text in everything), part


def test_the_first_run_makes_everything(generated, tmp_path):
    shop = generated()
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("git push --set-upstream origin main"), done.stdout
    state = shop.github
    assert state["environments"] == {
        "infrastructure-plan": {"rules": 0, "branches": []},
        "infrastructure": {"rules": 1, "branches": ["main"]},
        "template": {"rules": 1, "branches": ["main"]},
        "production": {"rules": 1, "branches": ["main"]},
    }
    assert shop.secrets.keys() == {
        "production/DEPLOY_SSH_KEY",
        "infrastructure/SSH_HOST_KEY_PRODUCTION", "infrastructure/PLAN_KEY", "infrastructure/HCLOUD_TOKEN",
        "infrastructure/STATE_KEY", "infrastructure-plan/STATE_KEY",
        "infrastructure/AWS_ACCESS_KEY_ID", "infrastructure/AWS_SECRET_ACCESS_KEY",
        "infrastructure-plan/HCLOUD_TOKEN",
        "infrastructure-plan/AWS_ACCESS_KEY_ID", "infrastructure-plan/AWS_SECRET_ACCESS_KEY",
    }  # fmt: skip
    assert shop.secrets["infrastructure-plan/HCLOUD_TOKEN"] == TOKENS[0]
    assert shop.secrets["infrastructure/HCLOUD_TOKEN"] == TOKENS[1]
    assert shop.secrets["infrastructure/AWS_ACCESS_KEY_ID"] == TOKENS[2]
    assert shop.secrets["infrastructure-plan/AWS_SECRET_ACCESS_KEY"] == TOKENS[3]
    assert len(shop.secrets["infrastructure/PLAN_KEY"]) == 64
    keys = shop.public()
    assert keys.keys() == {"admin/ada-lovelace.pub", "deploy/production/github-actions.pub", "host/production.pub"}
    assert half_of(shop.secrets["production/DEPLOY_SSH_KEY"], tmp_path) in keys["deploy/production/github-actions.pub"]
    assert half_of(shop.secrets["infrastructure/SSH_HOST_KEY_PRODUCTION"], tmp_path) in keys["host/production.pub"]
    assert shop.waiting().keys() == {"infrastructure/STATE_KEY"}, "it waits for somebody to keep it"
    assert_nothing_leaked(shop, done)


def test_the_second_run_changes_nothing_and_says_so(generated):
    shop = generated()
    shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    shop.commit()
    before = shop.github
    again = shop.run("setup.sh")
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stdout.rstrip().endswith("Everything is there.")
    assert "made" not in again.stdout
    after = shop.github
    assert {**before, "calls": []} == {**after, "calls": []}
    assert shop.git("status", "--porcelain") == ""


def test_two_environments_share_no_key(generated):
    shop = generated(environments="staging_production")
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    keys = shop.public()
    assert keys.keys() == {
        "admin/ada-lovelace.pub", "deploy/production/github-actions.pub", "deploy/staging/github-actions.pub",
        "host/production.pub", "host/staging.pub",
    }  # fmt: skip
    assert len(set(keys.values())) == len(keys)
    assert shop.secrets["staging/DEPLOY_SSH_KEY"] != shop.secrets["production/DEPLOY_SSH_KEY"]
    assert "infrastructure/SSH_HOST_KEY_STAGING" in shop.secrets


def test_one_environment_can_be_set_up_alone(generated):
    shop = generated(environments="staging_production")
    shop.run("setup.sh", "staging", typed="\n".join(TOKENS) + "\n")
    assert "staging" in shop.github["environments"] and "production" not in shop.github["environments"]
    assert not any("production" in name for name in shop.public())


def test_a_free_plan_keeps_the_secrets_in_the_repository(generated):
    shop = generated("free", environments="staging_production")
    done = shop.run("setup.sh", typed="\n".join(TOKENS[1:]) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no secrets per environment" in done.stdout
    assert all(name.startswith("/") for name in shop.secrets)
    assert shop.secrets["/HCLOUD_TOKEN"] == TOKENS[1], "the token that may write serves both"
    assert "deploy/github-actions.pub" in shop.public(), "one key for every environment"
    again = shop.run("setup.sh")
    assert again.returncode == 0 and "made" not in again.stdout, again.stdout
    assert_nothing_leaked(shop, done, again)


def test_an_old_plan_gets_environments_without_a_branch_rule(generated):
    shop = generated("old")
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "this plan of GitHub cannot limit it" in done.stdout
    assert "production/DEPLOY_SSH_KEY" in shop.secrets


def test_rules_of_the_team_are_left_alone(generated):
    shop = generated()
    state = shop.github
    state["environments"]["production"] = {"rules": 2, "branches": ["release"]}
    shop.github = state
    shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert shop.github["environments"]["production"] == {"rules": 2, "branches": ["release"]}


def test_an_environment_that_a_workflow_made_is_limited_to_main(generated):
    """GitHub makes an environment by itself when a workflow names it: a push before setup.sh."""
    shop = generated()
    state = shop.github
    state["environments"]["production"] = {"rules": 0, "branches": []}
    shop.github = state
    shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert shop.github["environments"]["production"] == {"rules": 1, "branches": ["main"]}


def test_without_gh_it_says_what_to_enter_where(generated):
    shop = generated(None)
    done = shop.run("setup.sh")
    assert done.returncode == 1
    assert "gh is not installed" in done.stdout
    waiting = shop.waiting()
    assert waiting.keys() == {
        "production/DEPLOY_SSH_KEY", "infrastructure/SSH_HOST_KEY_PRODUCTION", "infrastructure/PLAN_KEY",
        "infrastructure/STATE_KEY",
    }  # fmt: skip
    for name, path in waiting.items():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert f"{name.split('/')[1]} = content of {path}" in done.stdout
        assert path.read_text().splitlines()[1 if "KEY-" in path.read_text() else 0] not in done.stdout
    assert "HCLOUD_TOKEN = token that may only READ" in done.stdout
    assert shop.path not in {parent for path in waiting.values() for parent in path.parents}, "not in the repository"
    kept, keys = {name: path.read_text() for name, path in waiting.items()}, shop.public()
    assert "admin/ada.pub" in keys
    shop.run("setup.sh")
    assert {name: path.read_text() for name, path in shop.waiting().items()} == kept
    assert shop.public() == keys


def test_the_key_of_the_state_is_kept_until_somebody_has_it_and_never_made_twice(generated):
    shop = generated()
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    key = shop.secrets["infrastructure/STATE_KEY"]
    assert len(base64.b64decode(key)) == 32
    assert shop.secrets["infrastructure-plan/STATE_KEY"] == key
    file = shop.waiting()["infrastructure/STATE_KEY"]
    assert file.read_text().strip() == key
    assert f"STATE_KEY is in {file}. It is the only key to the state: put it into your password manager" in done.stdout
    file.unlink()
    assert "KEEP" not in shop.run("setup.sh").stdout
    state = shop.github
    del state["secrets"]["infrastructure-plan/STATE_KEY"]
    shop.github = state
    again = shop.run("setup.sh")
    assert again.returncode == 1
    assert "Store the one that you keep: gh secret set STATE_KEY --env infrastructure-plan" in again.stdout
    assert "infrastructure-plan/STATE_KEY" not in shop.secrets


def test_a_managed_database_gets_a_password_that_waits_for_the_server(generated):
    shop = generated(cloud="scaleway", database="managed", environments="staging_production")
    shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    names = [f"infrastructure/DATABASE_PASSWORD_{environment}" for environment in ("PRODUCTION", "STAGING")]
    first, second = (shop.secrets[name] for name in names)
    assert first != second
    assert re.fullmatch(r"[A-Za-z0-9_-]{20,100}", first)
    assert all(re.search(kind, first) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[-_]"))
    assert shop.waiting()[names[0]].read_text().strip() == first


def test_without_gh_a_second_laptop_makes_no_second_key_of_the_state(generated):
    shop = generated(None)
    shop.run("setup.sh")
    shop.commit()
    shop.waiting()["infrastructure/STATE_KEY"].unlink()
    done = shop.run("setup.sh")
    assert "STATE_KEY was made with the other keys" in done.stdout
    assert "infrastructure/STATE_KEY" not in shop.waiting()


def test_what_waited_is_delivered_when_gh_comes(generated):
    shop = generated(None)
    shop.run("setup.sh")
    host_key = shop.public()["host/production.pub"]
    (shop.programs / "gh").symlink_to(STAND_INS / "gh")
    shop.github = {"plan": "team", "branch": "main", "environments": {}, "secrets": {}, "comments": [], "issues": {},
                   "calls": []}  # fmt: skip
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "infrastructure/SSH_HOST_KEY_PRODUCTION" in shop.secrets
    assert shop.public()["host/production.pub"] == host_key
    assert shop.waiting().keys() == {"infrastructure/STATE_KEY"}, "it waits for somebody to keep it"


def test_keep_leaves_the_host_key_for_a_server_built_from_here(generated):
    shop = generated()
    shop.run("setup.sh", "--keep", typed="\n".join(TOKENS) + "\n")
    kept = shop.waiting()["infrastructure/SSH_HOST_KEY_PRODUCTION"]
    assert kept.read_text().strip() == shop.secrets["infrastructure/SSH_HOST_KEY_PRODUCTION"]


def test_a_token_that_is_not_at_hand_can_come_later(generated):
    shop = generated()
    done = shop.run("setup.sh", typed="\n\n\n\n")
    assert done.returncode == 1
    assert "HCLOUD_TOKEN for infrastructure-plan" in done.stdout and "Run this again" in done.stdout
    later = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert later.returncode == 0, later.stdout + later.stderr
    assert shop.secrets["infrastructure/HCLOUD_TOKEN"] == TOKENS[1]


def test_a_lost_private_half_is_told_and_not_replaced_in_silence(generated):
    shop = generated()
    shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    state = shop.github
    del state["secrets"]["production/DEPLOY_SSH_KEY"]
    shop.github = state
    before = shop.public()
    done = shop.run("setup.sh")
    assert done.returncode == 1
    assert "rm terraform/keys/deploy/production/github-actions.pub" in done.stdout
    assert shop.public() == before


def test_a_host_key_without_its_secret_is_fetched_from_the_server_that_has_it(generated):
    shop = generated()
    shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    state = shop.github
    del state["secrets"]["infrastructure/SSH_HOST_KEY_PRODUCTION"]
    shop.github = state
    done = shop.run("setup.sh")
    assert done.returncode == 1
    assert "/etc/ssh/ssh_host_ed25519_key | gh secret set SSH_HOST_KEY_PRODUCTION --env infrastructure" in done.stdout


def test_a_colleague_without_the_rights_of_an_administrator_adds_their_key_and_nothing_else(generated):
    shop = generated()
    shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    (shop.path / "terraform/keys/admin").rename(shop.home / "admin")  # this was somebody else
    before = shop.public()
    shop.github = shop.github | {"permission": "WRITE"}
    secrets = shop.secrets
    done = shop.run("setup.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "You are no administrator of acme/Shop" in done.stdout
    assert shop.secrets == secrets
    assert shop.public().keys() - before.keys() == {"admin/ada-lovelace.pub"}
    assert {name: key for name, key in shop.public().items() if name in before} == before


def test_another_default_branch_is_told(generated):
    shop = generated()
    shop.github = shop.github | {"branch": "master"}
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert done.returncode == 1
    assert "yours is called master" in done.stdout


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [("ssh-keygen", "ssh-keygen is needed"), ("git", "git is needed")],
)
def test_a_missing_program_is_one_sentence(generated, lacks, sentence):
    shop = generated()
    (shop.programs / lacks).unlink()
    done = shop.run("setup.sh")
    assert done.returncode == 1
    assert done.stderr.startswith(sentence) and done.stderr.count("\n") == 1
    assert shop.public() == {}


def test_a_folder_that_is_no_repository_is_told_how_to_become_one(generated):
    shop = generated()
    (shop.path / ".git").rename(shop.path.parent / "elsewhere")
    done = shop.run("setup.sh")
    assert done.returncode == 1
    assert done.stderr.startswith("This folder is no git repository yet. Type: git init") and done.stdout == ""


def test_the_name_of_a_key_keeps_its_umlauts_readable(generated):
    shop = generated(None)
    shop.git("config", "user.name", "Jörg Müßig")
    shop.run("setup.sh")
    assert "admin/joerg-muessig.pub" in shop.public()


def test_gh_that_is_not_logged_in_is_one_sentence(generated):
    shop = generated()
    shop.github = shop.github | {"plan": ""}
    done = shop.run("setup.sh")
    assert (done.returncode, done.stderr) == (1, "gh is not logged in. Type: gh auth login\n")


def test_who_has_no_ssh_key_is_told_how_to_make_one(generated):
    shop = generated(own_key=False)
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert done.returncode == 1
    assert "Type: ssh-keygen -t ed25519" in done.stdout


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [("nowhere", "There is no environment"), ("../production", "There is no environment"), ("--help", "Usage: ")],
)
def test_an_environment_that_does_not_exist_is_refused(generated, argument, sentence):
    shop = generated()
    done = shop.run("setup.sh", argument)
    assert done.returncode != 0 and done.stderr.startswith(sentence)
    assert shop.public() == {} and shop.secrets == {}
