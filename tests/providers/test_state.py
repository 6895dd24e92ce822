"""The state: its bucket is made once, it is locked while somebody changes it, and a store that cannot lock is told."""

import base64
import os
import subprocess

import pytest

from tests.providers.conftest import STATE_KEY, sentence

AWS = pytest.mark.needs("moto-server", "aws")
MOTO = pytest.mark.needs("moto-server")

FAKE_AWS = """#!/usr/bin/env bash
# Answers like a store that ignores, refuses or breaks what it is asked.
[[ $2 == put-object ]] || exit 0
count=$(cat "$0.count" 2>/dev/null || echo 0)
echo $((count + 1)) >"$0.count"
case $STORE:$count in
  refuses:*) echo "An error occurred (NotImplemented): A header you provided is not implemented" >&2; exit 254 ;;
  breaks:1) echo "Could not connect to the endpoint URL" >&2; exit 255 ;;
esac
"""


@pytest.fixture
def store(workplace, tmp_path):
    """Bootstrap against a store of a kind; gives exit code and what was said."""
    place = workplace()
    fake = tmp_path / "aws"
    fake.write_text(FAKE_AWS)
    fake.chmod(0o755)
    place.environment |= {"PATH": f"{tmp_path}{os.pathsep}{place.environment['PATH']}"}
    place.environment |= {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "STATE_KEY": STATE_KEY}
    return lambda kind: place.script("production", "bootstrap", STORE=kind)


def test_a_store_that_ignores_condition_and_key_is_warned_of(store):
    done = store("ignores")
    assert done.returncode == 0
    assert "WARNING: It ignores conditional writes, so Terraform's lock protects nothing." in done.stdout
    assert "WARNING: It ignores our key, so whoever may read the bucket can read the state." in done.stdout


def test_a_store_that_refuses_the_condition_stops_with_the_way_out(store):
    done = store("refuses")
    assert done.returncode == 1
    assert "set use_lockfile = false in terraform/backend.tf" in done.stdout
    assert "It said: An error occurred (NotImplemented)" in done.stdout


def test_a_check_that_could_not_be_made_is_no_answer(store):
    done = store("breaks")
    assert done.returncode == 1
    assert "Whether it can lock could not be found out. It said: Could not connect" in done.stdout


@pytest.fixture
def aws(site, object_storage, toolbox):
    """Ask the store something about the bucket of the state."""

    def ask(verb: str, *arguments: str) -> str:
        command = [toolbox("aws"), "s3api", verb, "--endpoint-url", object_storage, "--bucket", site.bucket, *arguments]
        return subprocess.check_output(command, env=site.environment | {"AWS_DEFAULT_REGION": "fsn1"}, text=True)

    return ask


@pytest.fixture
def our_key(tmp_path):
    """What makes the store encrypt by our key."""
    file = tmp_path / "key"
    file.write_bytes(base64.b64decode(STATE_KEY))
    return "--sse-customer-algorithm", "AES256", "--sse-customer-key", f"fileb://{file}"


@AWS
def test_the_bucket_is_made_once_keeps_versions_and_can_lock(site, aws):
    first, second = (site.script("production", "bootstrap") for _ in range(2))
    assert "was made at" in first.stdout
    assert "exists already" in second.stdout
    assert "It encrypts by our key" in first.stdout
    assert "It can lock" in first.stdout
    assert "It can lock" in second.stdout
    assert "Enabled" in aws("get-bucket-versioning")
    assert "Contents" not in aws("list-objects-v2"), "the check leaves nothing behind"


@AWS
def test_two_changes_at_the_same_time_are_refused(site, aws, our_key):
    site.connect()
    aws("put-object", "--key", "production/terraform.tfstate.tflock", *our_key)
    done = site.run(
        "plan", "-lock-timeout=0s", "-var-file=environments/production.tfvars.json", TF_DATA_DIR=".terraform/production"
    )
    assert done.returncode == 1
    assert "Error acquiring the state lock" in sentence(done.stdout)


@AWS
@pytest.mark.needs("tofu")
@pytest.mark.parametrize("site", [{"iac": "terraform"}, {"iac": "opentofu"}], indirect=True, ids=lambda a: a["iac"])
def test_the_state_opens_with_our_key_only_and_opentofu_encrypts_it_before_it_leaves(site, aws, our_key, tmp_path):
    site.build()
    read = ("get-object", "--key", "production/terraform.tfstate", str(tmp_path / "state"))
    with pytest.raises(subprocess.CalledProcessError):
        aws(*read)
    aws(*read, *our_key)
    assert ("shop-production" in (tmp_path / "state").read_text()) == (site.program.endswith("terraform"))


@pytest.mark.needs("moto-server", "tofu")
@pytest.mark.parametrize("site", [{"iac": "opentofu"}], indirect=True, ids=lambda a: a["iac"])
def test_a_plan_of_opentofu_is_encrypted(site):
    site.connect()
    assert site.script("production", "plan").returncode == 0
    assert b"encrypted_data" in (site.folder / "production.tfplan").read_bytes()


@MOTO
def test_an_environment_cannot_be_planned_with_the_state_of_another(site):
    site.connect("production")
    done = site.script("staging", "plan")
    assert done.returncode == 1
    assert "Not connected yet. Run: bash scripts/infrastructure.sh staging init" in done.stdout


@MOTO
def test_apply_takes_a_plan_and_uses_it_up(site, hetzner):
    site.connect()
    none = site.script("production", "apply")
    assert "There is no plan. Run: bash scripts/infrastructure.sh production plan" in none.stdout
    assert site.script("production", "plan").returncode == 0
    plan = site.folder / "production.tfplan"
    assert plan.stat().st_mode & 0o077 == 0, "a plan holds the host key"
    assert site.script("production", "apply").returncode == 0
    assert not plan.exists()
    assert len(hetzner.things["servers"]) == 1
