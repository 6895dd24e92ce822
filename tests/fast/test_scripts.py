"""The scripts of a generated repository, run: sealed plans, comments and issues, checks."""

import os
import subprocess

import pytest

from tests.fast.repository import STAND_INS

# ---- plan_file.sh: a plan between two jobs -------------------------------------------------------------------------


@pytest.fixture
def planned(generated):
    shop = generated(None)
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


def test_a_plan_is_one_comment_that_is_renewed(generated):
    shop = generated()
    shop.replace("infrastructure.sh", '[[ $2 == init ]] || echo "$1: $CHANGES to create"')
    for changes in ("1", "2"):
        done = shop.run("github.sh", "plan", "production", PULL_REQUEST="7", CHANGES=changes)
        assert done.returncode == 0, done.stderr
    assert len(shop.github["comments"]) == 1
    assert "production: 2 to create" in shop.github["comments"][0]


def test_each_environment_has_its_own_comment(generated):
    shop = generated(environments="staging_production")
    shop.replace("infrastructure.sh", 'echo "$1 $2"')
    shop.github = shop.github | {"comments": ["a comment of somebody"]}
    for environment in ("staging", "production"):
        shop.run("github.sh", "plan", environment, PULL_REQUEST="7")
    assert [text.split("\n")[0] for text in shop.github["comments"]] == [
        "a comment of somebody",
        "<!-- Infrastructure of staging -->",
        "<!-- Infrastructure of production -->",
    ]


def test_a_plan_for_a_pull_request_uses_a_host_key_of_no_server(generated):
    shop = generated()
    shop.replace("infrastructure.sh", 'echo "${TF_VAR_ssh_host_private_key-none}" >"$HOME/key-$2"')
    shop.run("github.sh", "plan", "production", PULL_REQUEST="7", SSH_HOST_KEY_PRODUCTION="")
    assert "BEGIN OPENSSH PRIVATE KEY" in (shop.home / "key-plan").read_text()


def test_a_plan_on_main_uses_the_host_key_of_its_environment_and_no_other(generated, tmp_path):
    shop = generated(environments="staging_production")
    shop.replace("infrastructure.sh", 'echo "${TF_VAR_ssh_host_private_key-none}" >"$HOME/key-$2"')
    keys = {}
    for environment in ("staging", "production"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / environment], check=True)
        public = shop.path / "terraform/keys/host" / f"{environment}.pub"
        public.parent.mkdir(exist_ok=True)
        public.write_text((tmp_path / f"{environment}.pub").read_text())
        keys[f"SSH_HOST_KEY_{environment.upper()}"] = (tmp_path / environment).read_text().strip()
    for environment in ("staging", "production"):
        done = shop.run("github.sh", "plan", environment, **keys)
        assert done.returncode == 0, done.stderr
        assert (shop.home / "key-plan").read_text().strip() == keys[f"SSH_HOST_KEY_{environment.upper()}"]

    shop.run("github.sh", "plan", "staging", **keys | {"SSH_HOST_KEY_STAGING": ""})
    assert (shop.home / "key-plan").read_text() == "none\n", "a missing secret must be noticed"
    swapped = shop.run("github.sh", "plan", "staging", SSH_HOST_KEY_STAGING=keys["SSH_HOST_KEY_PRODUCTION"])
    assert swapped.returncode == 1
    assert "SSH_HOST_KEY_STAGING is not the private half of terraform/keys/host/staging.pub" in swapped.stderr


def test_a_plan_that_fails_fails_and_comments_nothing(generated):
    shop = generated()
    shop.replace("infrastructure.sh", "[[ $2 == init ]]")
    assert shop.run("github.sh", "plan", "production", PULL_REQUEST="7").returncode != 0
    assert shop.github["comments"] == []


def test_drift_is_one_issue_opened_updated_and_closed(generated):
    shop = generated()
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


def test_the_report_tells_what_serves_and_where(generated, tmp_path):
    shop = generated(domain="shop.example.com")
    shop.replace("release.sh", 'echo "r7 serves in $1"')
    files = {"GITHUB_STEP_SUMMARY": tmp_path / "summary", "GITHUB_OUTPUT": tmp_path / "output"}
    done = shop.run("github.sh", "report", "production", **{name: str(path) for name, path in files.items()})
    assert done.returncode == 0, done.stderr
    assert "r7 serves in production" in files["GITHUB_STEP_SUMMARY"].read_text()
    assert files["GITHUB_OUTPUT"].read_text() == "url=https://shop.example.com\n"


def test_a_report_about_a_silent_server_is_no_failure(generated):
    shop = generated()
    shop.replace("release.sh", "exit 255")
    done = shop.run("github.sh", "report", "production")
    assert done.returncode == 0
    assert "The server did not answer." in done.stdout


# ---- apply.sh ------------------------------------------------------------------------------------------------------


@pytest.fixture
def unreachable(generated):
    """A repository whose server does not answer."""
    shop = generated(None)
    (shop.path / "terraform/keys/host").mkdir(parents=True, exist_ok=True)
    (shop.path / "terraform/keys/host/production.pub").write_text("ssh-ed25519 AAAA host\n")
    shop.commit()
    for name, text in {
        "ssh": "echo 'no route' >&2; exit 255",
        "cp": 'exec /bin/cp "$@"',
        "gzip": 'exec /bin/gzip "$@"',
    }.items():
        (shop.programs / name).write_text(f"#!/usr/bin/env bash\n# Stand-in.\n{text}\n")
        (shop.programs / name).chmod(0o755)
    return shop


def test_a_server_that_does_not_answer_is_one_sentence(unreachable):
    done = unreachable.run("apply.sh", "production")
    assert done.returncode == 255
    told = done.stderr.splitlines()
    assert told == ["no route", "The server of production could not be reached as ops; the reason stands above."]


def test_what_is_not_committed_and_what_is_missing_is_told_before_it_is_applied(unreachable):
    unreachable.git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert "NOTE" not in unreachable.run("apply.sh", "production").stderr
    (unreachable.path / "server/compose.yml").write_text("services: {}\n")
    assert "not committed" in unreachable.run("apply.sh", "production").stderr
    unreachable.commit()
    unreachable.git("update-ref", "refs/remotes/origin/main", "HEAD")
    unreachable.git("reset", "--quiet", "--hard", "HEAD~1")
    assert "lacks commits of origin/main" in unreachable.run("apply.sh", "production").stderr


# ---- checks.sh -----------------------------------------------------------------------------------------------------


def test_a_tool_that_is_missing_is_told_and_fails_in_ci_only(generated):
    shop = generated(None)
    at_home = shop.run("checks.sh")
    assert at_home.returncode == 0, at_home.stdout
    lines = [line for line in at_home.stdout.splitlines() if line.startswith("not checked")]
    fine = [line for line in at_home.stdout.splitlines() if line.startswith("ok")]
    assert len(lines) >= 10
    # Where there is no migration, nothing is needed to read it; conflicts need git, which everybody has.
    assert all("migrations" in line or "conflicts" in line for line in fine)
    in_ci = shop.run("checks.sh", CI="true")
    assert in_ci.returncode == 1
    assert "could not be checked" in in_ci.stdout


@pytest.mark.needs("actionlint", "caddy", "hadolint", "shellcheck", "zizmor")
def test_a_fresh_repository_passes_its_checks(generated, toolbox):
    shop = generated(None)
    for name in ("actionlint", "caddy", "hadolint", "shellcheck", "zizmor"):
        (shop.programs / name).symlink_to(toolbox(name))
    done = shop.run("checks.sh", "pipelines", "scripts", "dockerfile")
    assert done.returncode == 0, done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["ok"] * 4, done.stdout


@pytest.mark.needs("shellcheck", "hadolint")
@pytest.mark.parametrize("folder", [".", "services/api"])
def test_a_mistake_fails_with_the_words_of_the_tool(generated, toolbox, folder):
    shop = generated(None, application_folder=folder)
    for name in ("shellcheck", "hadolint"):
        (shop.programs / name).symlink_to(toolbox(name))
    (shop.path / "scripts/smoke.sh").write_text("#!/usr/bin/env bash\nrm -rf $1/*\n")
    (shop.path / folder / "Dockerfile").write_text("FROM python\nUSER root\n")
    done = shop.run("checks.sh", "scripts", "dockerfile")
    assert done.returncode == 1
    assert "FAILED       scripts" in done.stdout and "SC2086" in done.stdout
    assert "FAILED       Dockerfile" in done.stdout and "DL3006" in done.stdout
    assert done.stdout.rstrip().endswith("2 failed.")


def test_an_unknown_group_is_refused(generated):
    done = generated(None).run("checks.sh", "everything")
    assert done.returncode == 1 and done.stderr.startswith("Usage: ")


# ---- all of them ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["github.sh", "plan_file.sh", "security.sh"])
def test_a_script_without_its_words_tells_them(generated, script):
    done = generated(None).run(script)
    assert done.returncode == 1
    assert done.stderr.startswith("Usage: bash scripts/")


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_scripts_keep_to_the_bash_of_every_mac(generated, forge):
    """macOS has bash 3.2: what came later fails there with a syntax error or in silence."""
    shop = generated(None, ci=forge)
    newer = ("mapfile", "readarray", "declare -A", "local -A", "&>>", "|&", ",,}", "^^}", "@Q}", "coproc")
    for path in sorted((shop.path / "scripts").glob("*.sh")):
        text = path.read_text("utf-8")
        for construct in newer:
            assert construct not in text, f"{path.name}: {construct}"


def test_the_stand_in_for_gh_is_executable():
    assert os.access(STAND_INS / "gh", os.X_OK)
