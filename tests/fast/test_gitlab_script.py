"""What a job at GitLab does besides its work, run: scripts/gitlab.sh, and where repository and images are."""

import json
import os
import re
import subprocess

import pytest

from tests.fast.repository import STAND_INS, Repository

TOKEN = {"ISSUES_TOKEN": "token-of-the-project"}
DIGEST = "sha256:" + "0123456789abcdef" * 4
REGISTRY = {
    "CI_REGISTRY": "registry.example.com", "CI_REGISTRY_IMAGE": "registry.example.com/acme/shop",
    "CI_REGISTRY_USER": "gitlab-ci-token", "CI_REGISTRY_PASSWORD": "token-of-the-job", "CI_COMMIT_SHA": "abc123",
    "CI_PROJECT_URL": "https://gitlab.example.com/acme/shop",
}  # fmt: skip


@pytest.fixture
def shop(generated) -> Repository:
    return generated(ci="gitlab")


# ---- the image -----------------------------------------------------------------------------------------------------


def docker(shop: Repository, metadata: str) -> None:
    """Put a stand-in for Docker onto the PATH: it notes what it was told, and writes what a build tells."""
    file = shop.programs / "docker"
    file.write_text(
        '#!/usr/bin/env bash\nprintf "%s\\n" "$*" >>"$HOME/docker"\n[[ $1 != login ]] || cat >>"$HOME/password"\n'
        f"while [[ $# -gt 1 ]]; do [[ $1 != --metadata-file ]] || echo '{metadata}' >\"$2\"; shift; done\n"
    )
    file.chmod(0o755)


def test_the_image_is_built_once_and_handed_on_by_its_digest(shop):
    docker(shop, json.dumps({"buildx.build.ref": "x", "containerimage.digest": DIGEST}))
    done = shop.in_gitlab("gitlab.sh", "build", **REGISTRY)
    assert done.returncode == 0, done.stderr
    assert (shop.path / "build.env").read_text() == f"BUILT_IMAGE=registry.example.com/acme/shop@{DIGEST}\n"
    login, build = (shop.home / "docker").read_text().splitlines()
    assert login == "login --username gitlab-ci-token --password-stdin registry.example.com"
    assert (shop.home / "password").read_text() == "token-of-the-job\n"
    assert "app.schema" not in build, "there are no migrations yet"
    for words in ("--push --tag registry.example.com/acme/shop:abc123 ", "--provenance=mode=max", "--sbom=true"):
        assert words in build
    assert build.endswith(" .")


def test_the_image_is_built_from_the_folder_of_the_application(generated):
    shop = generated(ci="gitlab", application_folder="services/api")
    docker(shop, json.dumps({"containerimage.digest": DIGEST}))
    assert shop.in_gitlab("gitlab.sh", "build", **REGISTRY).returncode == 0
    assert (shop.home / "docker").read_text().endswith(" ./services/api\n")


def test_what_schema_env_says_becomes_labels(shop):
    docker(shop, json.dumps({"containerimage.digest": DIGEST}))
    (shop.path / "schema.env").write_text("SCHEMA=6\nSCHEMA_FLOOR=5\n")
    assert shop.in_gitlab("gitlab.sh", "build", **REGISTRY).returncode == 0
    assert "--label app.schema=6 --label app.schema-floor=5 " in (shop.home / "docker").read_text()


def test_a_build_without_a_digest_fails(shop):
    docker(shop, "{}")
    done = shop.in_gitlab("gitlab.sh", "build", **REGISTRY)
    assert (done.returncode, done.stderr) == (1, "The image was pushed, but its digest was not told.\n")
    assert not (shop.path / "build.env").exists()


# ---- releases ------------------------------------------------------------------------------------------------------


def test_what_staging_runs_is_handed_on(generated):
    shop = generated(ci="gitlab", environments="staging_production")
    told = json.dumps({"release": "r7", "image": f"registry.example.com/acme/shop@{DIGEST}", "commit": None})
    shop.replace("release.sh", f"[[ $* == 'staging status --json' ]]\necho '{told}'")
    done = shop.in_gitlab("gitlab.sh", "serving", "staging")
    assert done.returncode == 0, done.stderr
    assert (shop.path / "promote.env").read_text() == f"PROMOTED_IMAGE=registry.example.com/acme/shop@{DIGEST}\n"


def test_nothing_on_staging_is_one_sentence(generated):
    shop = generated(ci="gitlab", environments="staging_production")
    shop.replace("release.sh", """echo '{"release": null, "image": null}'""")
    done = shop.in_gitlab("gitlab.sh", "serving", "staging")
    assert (done.returncode, done.stderr) == (
        1, "The environment staging runs no release yet: push to main first.\n",
    )  # fmt: skip


def test_the_report_tells_what_serves_and_where(generated):
    shop = generated(ci="gitlab", domain="shop.example.com")
    shop.replace("release.sh", 'echo "r7 serves in $1"')
    done = shop.in_gitlab("gitlab.sh", "report", "production")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "production: https://shop.example.com\nr7 serves in production\n"
    assert (shop.path / "report.env").read_text() == "ADDRESS=https://shop.example.com\n"


def test_a_report_about_a_silent_server_is_no_failure(shop):
    shop.replace("release.sh", "exit 255")
    done = shop.in_gitlab("gitlab.sh", "report", "production")
    assert done.returncode == 0
    assert done.stdout.endswith("The server did not answer.\n")


def test_a_key_may_be_the_name_of_a_file(shop, tmp_path):
    """GitLab hands variables of the type File over in this way."""
    key = tmp_path / "handed over"
    key.write_text("the private half\n")
    (shop.path / "terraform/keys/host").mkdir()
    (shop.path / "terraform/keys/host/production.pub").write_text("ssh-ed25519 AAAA host\n")
    ssh = shop.programs / "ssh"
    ssh.write_text('#!/usr/bin/env bash\nwhile [[ $1 != -i ]]; do shift; done\ncat "$2"; ls -l "$2"\n')
    ssh.chmod(0o755)
    for given in (str(key), "the private half"):
        done = shop.in_gitlab("release.sh", "production", "status", DEPLOY_SSH_KEY=given)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("the private half\n-rw-------"), done.stdout


# ---- infrastructure ------------------------------------------------------------------------------------------------


def test_a_merge_request_shows_the_counts_of_its_plan(shop):
    shop.replace(
        "infrastructure.sh",
        """[[ $2 == init ]] || printf '%s\n' '- create `a`' '- replace `b`' '- change `c`'
echo "$2 ${TF_VAR_ssh_host_private_key:-none}" >>"$HOME/verbs" """,
    )
    done = shop.in_gitlab("gitlab.sh", "plan", "production", CI_MERGE_REQUEST_IID="3")
    assert done.returncode == 0, done.stderr
    assert json.loads((shop.path / "plan-production.json").read_text()) == {"create": 2, "update": 1, "delete": 1}
    verbs = (shop.home / "verbs").read_text()
    assert re.findall("^(init|plan|bootstrap) ", verbs, re.MULTILINE) == ["init", "plan"]
    assert "BEGIN OPENSSH PRIVATE KEY" in verbs, "the host key of no server"


@pytest.mark.needs("gpg")
def test_main_makes_the_bucket_uses_the_own_host_key_and_seals_the_plan(shop, tmp_path):
    key = tmp_path / "host"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    (shop.path / "terraform/keys/host").mkdir()
    (shop.path / "terraform/keys/host/production.pub").write_text((tmp_path / "host.pub").read_text())
    (shop.path / "terraform/.terraform.lock.hcl").write_text("# providers\n")
    shop.replace(
        "infrastructure.sh",
        """echo "$2" >>"$HOME/verbs"
[[ $2 != plan ]] || echo "$TF_VAR_ssh_host_private_key" >"terraform/$1.tfplan" """,
    )
    given = {"SSH_HOST_KEY_PRODUCTION": str(key), "PLAN_KEY": "key-of-the-plan"}
    done = shop.in_gitlab("gitlab.sh", "plan", "production", **given)
    assert done.returncode == 0, done.stderr
    assert (shop.home / "verbs").read_text().split() == ["bootstrap", "init", "plan"]
    assert not (shop.path / "terraform/production.tfplan").exists()
    opened = shop.in_gitlab("plan_file.sh", "production", "open", **given)
    assert opened.returncode == 0, opened.stderr
    assert (shop.path / "terraform/production.tfplan").read_text() == key.read_text()

    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    swapped = shop.in_gitlab("gitlab.sh", "plan", "production", SSH_HOST_KEY_PRODUCTION=str(tmp_path / "other"))
    assert swapped.returncode == 1
    assert swapped.stderr.endswith("GitLab, Settings, CI/CD, Variables, environment infrastructure.\n")


def drift(shop: Repository, code: str, what: str, **variables: str):
    return shop.in_gitlab("gitlab.sh", "drift", "production", CODE=code, WHAT=what, **variables)


@pytest.fixture
def watched(shop) -> Repository:
    shop.replace("infrastructure.sh", '[[ $2 == init ]] || { echo "what differs: $WHAT"; exit "$CODE"; }')
    return shop


def test_drift_is_one_issue_opened_updated_and_closed(watched):
    assert drift(watched, "0", "nothing", **TOKEN).returncode == 0
    assert watched.gitlab["issues"] == {}
    for what in ("firewall", "server"):
        done = drift(watched, "2", what, **TOKEN)
        assert done.returncode == 0, done.stderr
    issues = watched.gitlab["issues"]
    assert len(issues) == 1 and issues["1"]["open"] and "what differs: server" in issues["1"]["body"]
    assert drift(watched, "1", "the cloud did not answer", **TOKEN).returncode == 1
    assert watched.gitlab["issues"] == issues
    assert drift(watched, "0", "nothing", **TOKEN).returncode == 0
    assert not watched.gitlab["issues"]["1"]["open"]
    assert drift(watched, "2", "again", **TOKEN).returncode == 0
    assert len(watched.gitlab["issues"]) == 2, "a closed issue is not opened again"
    assert TOKEN["ISSUES_TOKEN"] not in json.dumps(watched.gitlab["calls"])


def test_without_a_token_drift_makes_the_job_fail_with_one_sentence(watched):
    assert drift(watched, "0", "nothing").returncode == 0
    done = drift(watched, "2", "firewall")
    assert done.returncode == 1
    assert "what differs: firewall" in done.stdout
    assert done.stderr.startswith("The infrastructure of production is not what its files say. To get an issue")
    assert done.stderr.count("\n") == 1


# ---- where things are ----------------------------------------------------------------------------------------------


def where(shop: Repository, origin: str, function: str, **variables: str):
    shop.git("remote", "add", "origin", origin)
    command = f"source scripts/lib.sh; source scripts/repository.sh; {function}"
    return subprocess.run(["bash", "-c", command], cwd=shop.path, env={"PATH": os.environ["PATH"]} | variables,
                          capture_output=True, text=True, check=False)  # fmt: skip


@pytest.mark.parametrize(
    ("origin", "repository"),
    [
        ("git@gitlab.com:Acme/web/Shop.git", "gitlab.com/Acme/web/Shop"),
        ("https://gitlab.com/acme/shop.git", "gitlab.com/acme/shop"),
        ("https://ada:token@git.example.com:8443/acme/shop.git", "git.example.com:8443/acme/shop"),
        ("ssh://git@git.example.com:2222/acme/shop.git", "git.example.com/acme/shop"),
    ],
)
def test_the_runbooks_are_where_the_repository_is(shop, origin, repository):
    assert where(shop, origin, "runbooks").stdout == f"https://{repository}/-/blob/main/docs/runbooks\n"


@pytest.mark.parametrize("origin", ["/srv/git/shop.git", "git@gitlab.com:shop.git"])
def test_a_repository_that_is_nowhere_is_one_sentence(shop, origin):
    done = where(shop, origin, "runbooks")
    assert done.returncode == 1
    assert done.stderr.startswith("Where do the images come from?") and done.stderr.count("\n") == 1


def test_the_images_are_beside_the_repository(shop):
    assert where(shop, "git@gitlab.com:Acme/web/Shop.git", "image_repository").stdout == (
        "registry.gitlab.com/acme/web/shop\n"
    )


def test_the_registry_of_a_gitlab_of_ones_own_is_one_line(shop):
    origin = "git@git.example.com:acme/shop.git"
    done = where(shop, origin, "image_repository")
    assert done.returncode == 1
    assert "in the line registry=" in done.stderr and done.stderr.count("\n") == 1
    file = shop.path / "scripts/repository.sh"
    file.write_text(file.read_text().replace("registry=registry.gitlab.com", "registry=registry.example.com"))
    shop.git("remote", "remove", "origin")
    assert where(shop, origin, "image_repository").stdout == "registry.example.com/acme/shop\n"


def test_a_job_knows_it_from_gitlab(shop):
    known = {"CI_REGISTRY_IMAGE": "registry.example.com:5050/acme/shop"}
    told = where(shop, "git@git.example.com:acme/shop.git", "image_repository", **known)
    assert told.stdout == "registry.example.com:5050/acme/shop\n"


# ---- all of them ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("build", "production"), ("plan",), ("everything", "production")])
def test_the_script_without_its_words_tells_them(shop, words):
    done = shop.in_gitlab("gitlab.sh", *words)
    assert done.returncode == 1
    assert done.stderr.startswith("Usage: bash scripts/gitlab.sh")


def test_an_environment_that_does_not_exist_is_refused(shop):
    done = shop.in_gitlab("gitlab.sh", "report", "nowhere")
    assert done.returncode == 5 and done.stderr.startswith("There is no environment")


@pytest.mark.needs("check-jsonschema", "shellcheck")
def test_a_fresh_repository_passes_its_checks(shop, toolbox):
    for name in ("check-jsonschema", "shellcheck"):
        (shop.programs / name).symlink_to(toolbox(name))
    done = shop.run("checks.sh", "pipelines", "scripts")
    assert done.returncode == 0, done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["ok"] * 3, done.stdout
    file = shop.path / ".gitlab/ci/release.yml"
    file.write_text(file.read_text().replace("timeout: 30m", "timeout: [30]"))
    broken = shop.run("checks.sh", "pipelines")
    assert broken.returncode == 1 and "FAILED       pipelines: syntax" in broken.stdout


def test_a_job_at_gitlab_need_not_read_the_pipelines_that_started_it(shop):
    done = shop.in_gitlab("checks.sh", "pipelines", GITLAB_CI="true", CI="true")
    assert done.returncode == 0
    assert done.stdout.startswith("ok           pipelines: GitLab has read them")


@pytest.mark.parametrize("name", ["curl", "glab"])
def test_a_stand_in_is_executable(name):
    assert os.access(STAND_INS / name, os.X_OK)
