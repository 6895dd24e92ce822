"""The scripts of a generated repository, run. A stand-in for gh keeps what GitHub would keep."""

import atexit
import json
import os
import shutil
import stat
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.generation import render

STAND_INS = Path(__file__).parent / "stand_ins"
PROGRAMS = """
    basename bash cat chmod cut date dirname env git gpg gpg-agent grep head id ls mkdir mktemp od python3 rm sed sort
    ssh-add ssh-keygen tar tee touch tr uname
"""
TOKENS = ("read-token-1111", "write-token-2222", "access-key-3333", "secret-key-4444")


@cache
def rendered(answers: str) -> Path:
    """Rendered once per set of answers; the tests work on copies."""
    folder = Path(tempfile.mkdtemp(prefix="richtfest-scripts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return render(json.loads(answers), folder / "shop")


class Repository:
    """A generated repository with a home and a PATH of its own."""

    def __init__(self, folder: Path, answers: dict, github: str | None):
        self.path = shutil.copytree(rendered(json.dumps(answers)), folder / "shop")
        self.home = folder / "home"
        self.programs = folder / "programs"
        self.state_file = folder / "github.json"
        self.programs.mkdir()
        for name in PROGRAMS.split():
            if found := shutil.which(name):
                (self.programs / name).symlink_to(found)
        (self.home / ".ssh").mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.com")
        self.commit()
        if github:
            (self.programs / "gh").symlink_to(STAND_INS / "gh")
            self.github = {"plan": github, "branch": "main", "environments": {}, "secrets": {}, "comments": [],
                           "issues": {}, "calls": []}  # fmt: skip

    @property
    def github(self) -> dict:
        return json.loads(self.state_file.read_text())

    @github.setter
    def github(self, state: dict) -> None:
        self.state_file.write_text(json.dumps(state))

    @property
    def secrets(self) -> dict[str, str]:
        return self.github["secrets"]

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.path, capture_output=True, text=True, check=True
        ).stdout  # fmt: skip

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "as it is")

    def run(self, script: str, *arguments: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.programs / "bash", f"scripts/{script}", *arguments],
            cwd=self.path,
            input=typed,
            env={
                "HOME": str(self.home),
                "PATH": str(self.programs),
                "GH_STATE": str(self.state_file),
                "GITHUB_REPOSITORY": "acme/Shop",
                "LC_ALL": "C",
            }
            | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def replace(self, script: str, text: str) -> None:
        """Put a stand-in in the place of another script."""
        (self.path / "scripts" / script).write_text(f"#!/usr/bin/env bash\n# Stand-in.\nset -eu\n{text}\n", "utf-8")

    def waiting(self) -> dict[str, Path]:
        """Secrets that wait on this machine for GitHub."""
        folder = self.home / ".local/state/shop/secrets"
        return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}

    def public(self) -> dict[str, str]:
        folder = self.path / "terraform" / "keys"
        return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*.pub"))}


@pytest.fixture
def make(tmp_path):
    def build(github: str | None = "team", *, own_key: bool = True, **answers: str) -> Repository:
        repository = Repository(tmp_path, {"project_name": "shop"} | answers, github)
        if own_key:
            (repository.home / ".ssh" / "id_ed25519.pub").write_text("ssh-ed25519 AAAAexample ada@laptop\n")
        return repository

    return build


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


# ---- setup.sh: the first hour --------------------------------------------------------------------------------------


def test_the_first_run_makes_everything(make, tmp_path):
    shop = make()
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("git push"), done.stdout
    state = shop.github
    assert state["environments"] == {
        "infrastructure-plan": {"rules": 0, "branches": []},
        "infrastructure": {"rules": 1, "branches": ["main"]},
        "production": {"rules": 1, "branches": ["main"]},
    }
    assert shop.secrets.keys() == {
        "production/DEPLOY_SSH_KEY",
        "infrastructure/SSH_HOST_KEY_PRODUCTION", "infrastructure/PLAN_KEY", "infrastructure/HCLOUD_TOKEN",
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
    assert shop.waiting() == {}
    assert_nothing_leaked(shop, done)


def test_the_second_run_changes_nothing_and_says_so(make):
    shop = make()
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


def test_two_environments_share_no_key(make):
    shop = make(environments="staging_production")
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


def test_one_environment_can_be_set_up_alone(make):
    shop = make(environments="staging_production")
    shop.run("setup.sh", "staging", typed="\n".join(TOKENS) + "\n")
    assert "staging" in shop.github["environments"] and "production" not in shop.github["environments"]
    assert not any("production" in name for name in shop.public())


def test_a_free_plan_keeps_the_secrets_in_the_repository(make):
    shop = make("free", environments="staging_production")
    done = shop.run("setup.sh", typed="\n".join(TOKENS[1:]) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no secrets per environment" in done.stdout
    assert all(name.startswith("/") for name in shop.secrets)
    assert shop.secrets["/HCLOUD_TOKEN"] == TOKENS[1], "the token that may write serves both"
    assert "deploy/github-actions.pub" in shop.public(), "one key for every environment"
    again = shop.run("setup.sh")
    assert again.returncode == 0 and "made" not in again.stdout, again.stdout
    assert_nothing_leaked(shop, done, again)


def test_an_old_plan_gets_environments_without_a_branch_rule(make):
    shop = make("old")
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "this plan of GitHub cannot limit it" in done.stdout
    assert "production/DEPLOY_SSH_KEY" in shop.secrets


def test_rules_of_the_team_are_left_alone(make):
    shop = make()
    state = shop.github
    state["environments"]["production"] = {"rules": 2, "branches": ["release"]}
    shop.github = state
    shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert shop.github["environments"]["production"] == {"rules": 2, "branches": ["release"]}


def test_an_environment_that_a_workflow_made_is_limited_to_main(make):
    """GitHub makes an environment by itself when a workflow names it: a push before setup.sh."""
    shop = make()
    state = shop.github
    state["environments"]["production"] = {"rules": 0, "branches": []}
    shop.github = state
    shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert shop.github["environments"]["production"] == {"rules": 1, "branches": ["main"]}


def test_without_gh_it_says_what_to_enter_where(make):
    shop = make(None)
    done = shop.run("setup.sh")
    assert done.returncode == 1
    assert "gh is not installed" in done.stdout
    waiting = shop.waiting()
    assert waiting.keys() == {
        "production/DEPLOY_SSH_KEY", "infrastructure/SSH_HOST_KEY_PRODUCTION", "infrastructure/PLAN_KEY",
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


def test_what_waited_is_delivered_when_gh_comes(make):
    shop = make(None)
    shop.run("setup.sh")
    host_key = shop.public()["host/production.pub"]
    (shop.programs / "gh").symlink_to(STAND_INS / "gh")
    shop.github = {"plan": "team", "branch": "main", "environments": {}, "secrets": {}, "comments": [], "issues": {},
                   "calls": []}  # fmt: skip
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "infrastructure/SSH_HOST_KEY_PRODUCTION" in shop.secrets
    assert shop.public()["host/production.pub"] == host_key
    assert shop.waiting() == {}


def test_keep_leaves_the_host_key_for_a_server_built_from_here(make):
    shop = make()
    shop.run("setup.sh", "--keep", typed="\n".join(TOKENS) + "\n")
    kept = shop.waiting()["infrastructure/SSH_HOST_KEY_PRODUCTION"]
    assert kept.read_text().strip() == shop.secrets["infrastructure/SSH_HOST_KEY_PRODUCTION"]


def test_a_token_that_is_not_at_hand_can_come_later(make):
    shop = make()
    done = shop.run("setup.sh", typed="\n\n\n\n")
    assert done.returncode == 1
    assert "HCLOUD_TOKEN for infrastructure-plan" in done.stdout and "Run this again" in done.stdout
    later = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert later.returncode == 0, later.stdout + later.stderr
    assert shop.secrets["infrastructure/HCLOUD_TOKEN"] == TOKENS[1]


def test_a_lost_private_half_is_told_and_not_replaced_in_silence(make):
    shop = make()
    shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    state = shop.github
    del state["secrets"]["production/DEPLOY_SSH_KEY"]
    shop.github = state
    before = shop.public()
    done = shop.run("setup.sh")
    assert done.returncode == 1
    assert "rm terraform/keys/deploy/production/github-actions.pub" in done.stdout
    assert shop.public() == before


def test_another_default_branch_is_told(make):
    shop = make()
    shop.github = shop.github | {"branch": "master"}
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert done.returncode == 1
    assert "yours is called master" in done.stdout


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [("ssh-keygen", "ssh-keygen is needed"), ("git", "git is needed")],
)
def test_a_missing_program_is_one_sentence(make, lacks, sentence):
    shop = make()
    (shop.programs / lacks).unlink()
    done = shop.run("setup.sh")
    assert done.returncode == 1
    assert done.stderr.startswith(sentence) and done.stderr.count("\n") == 1
    assert shop.public() == {}


def test_gh_that_is_not_logged_in_is_one_sentence(make):
    shop = make()
    shop.github = shop.github | {"plan": ""}
    done = shop.run("setup.sh")
    assert (done.returncode, done.stderr) == (1, "gh is not logged in. Type: gh auth login\n")


def test_who_has_no_ssh_key_is_told_how_to_make_one(make):
    shop = make(own_key=False)
    done = shop.run("setup.sh", typed="\n".join(TOKENS) + "\n")
    assert done.returncode == 1
    assert "Type: ssh-keygen -t ed25519" in done.stdout


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [("nowhere", "There is no environment"), ("../production", "There is no environment"), ("--help", "Usage: ")],
)
def test_an_environment_that_does_not_exist_is_refused(make, argument, sentence):
    shop = make()
    done = shop.run("setup.sh", argument)
    assert done.returncode != 0 and done.stderr.startswith(sentence)
    assert shop.public() == {} and shop.secrets == {}


# ---- plan_file.sh: a plan between two jobs -------------------------------------------------------------------------


@pytest.fixture
def planned(make):
    shop = make(None)
    (shop.path / "terraform/production.tfplan").write_bytes(b"a plan with a host key")
    (shop.path / "terraform/.terraform.lock.hcl").write_text("# providers of the plan\n")
    return shop


@pytest.mark.needs("gpg")
def test_a_sealed_plan_comes_back_with_the_providers_it_was_made_with(planned):
    sealed = planned.run("plan_file.sh", "production", "seal", PLAN_KEY="key-of-the-plan")
    assert sealed.returncode == 0, sealed.stderr
    folder = planned.path / "terraform"
    assert not (folder / "production.tfplan").exists()
    assert b"host key" not in (folder / "production.tfplan.gpg").read_bytes()
    (folder / ".terraform.lock.hcl").write_text("# newer providers\n")
    opened = planned.run("plan_file.sh", "production", "open", PLAN_KEY="key-of-the-plan")
    assert opened.returncode == 0, opened.stderr
    assert (folder / "production.tfplan").read_bytes() == b"a plan with a host key"
    assert (folder / ".terraform.lock.hcl").read_text() == "# providers of the plan\n"


@pytest.mark.needs("gpg")
def test_another_key_opens_nothing(planned):
    planned.run("plan_file.sh", "production", "seal", PLAN_KEY="key-of-the-plan")
    done = planned.run("plan_file.sh", "production", "open", PLAN_KEY="another key")
    assert done.returncode == 1
    assert "PLAN_KEY is not the one" in done.stderr
    assert not (planned.path / "terraform/production.tfplan").exists()


@pytest.mark.needs("gpg")
def test_a_plan_that_was_changed_on_the_way_is_refused(planned):
    planned.run("plan_file.sh", "production", "seal", PLAN_KEY="key-of-the-plan")
    sealed = planned.path / "terraform/production.tfplan.gpg"
    changed = bytearray(sealed.read_bytes())
    changed[len(changed) // 2] ^= 1
    sealed.write_bytes(bytes(changed))
    done = planned.run("plan_file.sh", "production", "open", PLAN_KEY="key-of-the-plan")
    assert done.returncode == 1
    assert not (planned.path / "terraform/production.tfplan").exists()


def test_without_a_key_nothing_is_sealed(planned):
    done = planned.run("plan_file.sh", "production", "seal")
    assert (done.returncode, done.stderr) == (1, "PLAN_KEY is empty. Run: bash scripts/setup.sh\n")


# ---- github.sh: comment, issue, summary ----------------------------------------------------------------------------


def test_a_plan_is_one_comment_that_is_renewed(make):
    shop = make()
    shop.replace("infrastructure.sh", '[[ $2 == init ]] || echo "$1: $CHANGES to create"')
    for changes in ("1", "2"):
        done = shop.run("github.sh", "plan", "production", PULL_REQUEST="7", CHANGES=changes)
        assert done.returncode == 0, done.stderr
    assert len(shop.github["comments"]) == 1
    assert "production: 2 to create" in shop.github["comments"][0]


def test_each_environment_has_its_own_comment(make):
    shop = make(environments="staging_production")
    shop.replace("infrastructure.sh", 'echo "$1 $2"')
    shop.github = shop.github | {"comments": ["a comment of somebody"]}
    for environment in ("staging", "production"):
        shop.run("github.sh", "plan", environment, PULL_REQUEST="7")
    assert [text.split("\n")[0] for text in shop.github["comments"]] == [
        "a comment of somebody",
        "<!-- Infrastructure of staging -->",
        "<!-- Infrastructure of production -->",
    ]


def test_a_plan_for_a_pull_request_uses_a_host_key_of_no_server(make):
    shop = make()
    shop.replace("infrastructure.sh", 'echo "${TF_VAR_ssh_host_private_key-none}" >"$HOME/key-$2"')
    shop.run("github.sh", "plan", "production", PULL_REQUEST="7", TF_VAR_ssh_host_private_key="")
    assert "BEGIN OPENSSH PRIVATE KEY" in (shop.home / "key-plan").read_text()
    shop.run("github.sh", "plan", "production", TF_VAR_ssh_host_private_key="")
    assert (shop.home / "key-plan").read_text() == "none\n", "on main a missing secret must be noticed"
    shop.run("github.sh", "plan", "production", TF_VAR_ssh_host_private_key="the real one")
    assert (shop.home / "key-plan").read_text() == "the real one\n"


def test_a_plan_that_fails_fails_and_comments_nothing(make):
    shop = make()
    shop.replace("infrastructure.sh", "[[ $2 == init ]]")
    assert shop.run("github.sh", "plan", "production", PULL_REQUEST="7").returncode != 0
    assert shop.github["comments"] == []


def test_drift_is_one_issue_opened_updated_and_closed(make):
    shop = make()
    shop.replace("infrastructure.sh", '[[ $2 == init ]] || { echo "what differs: $WHAT"; exit "$CODE"; }')

    def drift(code: str, what: str) -> int:
        return shop.run("github.sh", "drift", "production", CODE=code, WHAT=what).returncode

    assert drift("0", "nothing") == 0
    assert shop.github["issues"] == {}
    assert drift("2", "firewall") == 0
    assert drift("2", "server") == 0
    issues = shop.github["issues"]
    assert len(issues) == 1 and issues["1"]["open"] and "what differs: server" in issues["1"]["body"]
    assert drift("1", "the cloud did not answer") == 1, "a comparison that failed says nothing about drift"
    assert shop.github["issues"] == issues
    assert drift("0", "nothing") == 0
    assert not shop.github["issues"]["1"]["open"]
    assert drift("2", "again") == 0
    assert len(shop.github["issues"]) == 2, "a closed issue is not opened again"


def test_the_report_tells_what_serves_and_where(make, tmp_path):
    shop = make(domain="shop.example.com")
    shop.replace("release.sh", 'echo "r7 serves in $1"')
    files = {"GITHUB_STEP_SUMMARY": tmp_path / "summary", "GITHUB_OUTPUT": tmp_path / "output"}
    done = shop.run("github.sh", "report", "production", **{name: str(path) for name, path in files.items()})
    assert done.returncode == 0, done.stderr
    assert "r7 serves in production" in files["GITHUB_STEP_SUMMARY"].read_text()
    assert files["GITHUB_OUTPUT"].read_text() == "url=https://shop.example.com\n"


def test_a_report_about_a_silent_server_is_no_failure(make):
    shop = make()
    shop.replace("release.sh", "exit 255")
    done = shop.run("github.sh", "report", "production")
    assert done.returncode == 0
    assert "The server did not answer." in done.stdout


# ---- checks.sh -----------------------------------------------------------------------------------------------------


def test_a_tool_that_is_missing_is_told_and_fails_in_ci_only(make):
    shop = make(None)
    at_home = shop.run("checks.sh")
    assert at_home.returncode == 0, at_home.stdout
    lines = [line for line in at_home.stdout.splitlines() if line.startswith("not checked")]
    assert len(lines) >= 10 and not any(line.startswith("ok") for line in at_home.stdout.splitlines())
    in_ci = shop.run("checks.sh", CI="true")
    assert in_ci.returncode == 1
    assert "could not be checked" in in_ci.stdout


@pytest.mark.needs("actionlint", "caddy", "hadolint", "shellcheck", "zizmor")
def test_a_fresh_repository_passes_its_checks(make, toolbox):
    shop = make(None)
    for name in ("actionlint", "caddy", "hadolint", "shellcheck", "zizmor"):
        (shop.programs / name).symlink_to(toolbox(name))
    done = shop.run("checks.sh", "pipelines", "scripts", "dockerfile")
    assert done.returncode == 0, done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["ok"] * 4, done.stdout


@pytest.mark.needs("shellcheck", "hadolint")
def test_a_mistake_fails_with_the_words_of_the_tool(make, toolbox):
    shop = make(None)
    for name in ("shellcheck", "hadolint"):
        (shop.programs / name).symlink_to(toolbox(name))
    (shop.path / "scripts/test.sh").write_text("#!/usr/bin/env bash\nrm -rf $1/*\n")
    (shop.path / "Dockerfile").write_text("FROM python\nUSER root\n")
    done = shop.run("checks.sh", "scripts", "dockerfile")
    assert done.returncode == 1
    assert "FAILED       scripts" in done.stdout and "SC2086" in done.stdout
    assert "FAILED       Dockerfile" in done.stdout and "DL3006" in done.stdout
    assert done.stdout.rstrip().endswith("2 failed.")


def test_an_unknown_group_is_refused(make):
    done = make(None).run("checks.sh", "everything")
    assert done.returncode == 1 and done.stderr.startswith("Usage: ")


# ---- all of them ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["github.sh", "plan_file.sh", "security.sh"])
def test_a_script_without_its_words_tells_them(make, script):
    done = make(None).run(script)
    assert done.returncode == 1
    assert done.stderr.startswith("Usage: bash scripts/")


def test_scripts_keep_to_the_bash_of_every_mac(make):
    """macOS has bash 3.2: what came later fails there with a syntax error or in silence."""
    shop = make(None)
    newer = ("mapfile", "readarray", "declare -A", "local -A", "&>>", "|&", ",,}", "^^}", "@Q}", "coproc")
    for path in sorted((shop.path / "scripts").glob("*.sh")):
        text = path.read_text("utf-8")
        for construct in newer:
            assert construct not in text, f"{path.name}: {construct}"


def test_the_stand_in_for_gh_is_executable():
    assert os.access(STAND_INS / "gh", os.X_OK)
