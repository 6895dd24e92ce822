"""What goes wrong often is told in one sentence that says what to do; Terraform's own words stand below it."""

import base64
import hashlib
import json
import urllib.request

import pytest

from tests.providers.conftest import STATE_KEY, sentence
from tests.providers.keyed_storage_stand_in import CUSTOMER_KEY

pytestmark = pytest.mark.needs("moto-server")


def told(done, words, original):
    """The sentence comes first, the original later."""
    text = sentence(done.stdout)
    assert done.returncode == 1
    assert words in text, done.stdout
    assert original in text, done.stdout
    assert text.index(words) < text.index(original)


def test_a_missing_bucket(site):
    told(site.script("production", "init"), "The bucket of the state does not exist. Run: bash scripts/infra", "Error:")


@pytest.mark.needs("aws")
def test_a_lock_that_is_held(site, object_storage):
    site.connect()
    name = "00000000-1111-2222-3333-444444444444"
    who = {"ID": name, "Who": "ada@laptop", "Operation": "OperationTypeApply", "Created": "2026-01-01T00:00:00Z"}
    digest = base64.b64encode(hashlib.md5(base64.b64decode(STATE_KEY), usedforsecurity=False).digest()).decode()
    ask = urllib.request.Request(  # noqa: S310 - loopback
        f"{object_storage}/{site.bucket}/production/terraform.tfstate.tflock",
        json.dumps(who).encode(),
        {"Content-Type": "application/json", CUSTOMER_KEY: STATE_KEY, f"{CUSTOMER_KEY}-md5": digest},
        method="PUT",
    )
    urllib.request.urlopen(ask, timeout=10).close()  # noqa: S310
    done = site.script("production", "plan", LOCK_TIMEOUT="0s")
    told(done, "Somebody else is changing this environment", "Error acquiring the state lock")
    assert "bash scripts/infrastructure.sh production unlock" in done.stdout
    who = site.script("production", "unlock").stdout
    assert "ada@laptop holds the lock since 2026-01-01T00:00:00Z" in who and name in who
    assert site.script("production", "unlock", name).returncode == 0
    assert site.script("production", "plan").returncode == 0
    assert "Nobody holds the lock of production" in site.script("production", "unlock").stdout


@pytest.mark.needs("tofu")
@pytest.mark.parametrize("site", [{"iac": "terraform"}, {"iac": "opentofu"}], indirect=True, ids=lambda a: a["iac"])
def test_a_state_that_another_key_encrypted(site):
    site.build()
    site.environment |= {"STATE_KEY": base64.b64encode(bytes(32)).decode()}
    told(site.script("production", "plan"), "The state does not open with this STATE_KEY", "Error:")


def test_a_missing_or_malformed_key_of_the_state(site):
    for key in ("", "short", STATE_KEY[:-4] + "===="):
        site.environment |= {"STATE_KEY": key}
        done = site.script("production", "init")
        assert done.returncode == 1
        assert done.stdout.startswith("Set STATE_KEY to the key that encrypts the state")


@pytest.mark.parametrize("token", ["", "short"])
def test_a_missing_or_malformed_token_at_hetzner(site, token):
    site.connect()
    site.environment |= {"HCLOUD_TOKEN": token}
    told(site.script("production", "plan"), "A token of the cloud is missing or malformed", "Error:")


def test_a_token_at_hetzner_that_may_only_read(site):
    site.connect()
    site.environment |= {"HCLOUD_TOKEN": "read".ljust(64, "x")}
    assert site.script("production", "plan").returncode == 0
    told(site.script("production", "apply"), "This token may only read", "token is only allowed to read")


def test_a_token_that_hetzner_does_not_know(site, hetzner):
    site.connect()
    hetzner.unknown_tokens.add(site.environment["HCLOUD_TOKEN"])
    told(site.script("production", "plan"), "The cloud does not know this token", "unable to authenticate")


def test_a_type_that_sells_out_between_plan_and_apply(site, hetzner):
    site.connect()
    assert site.script("production", "plan").returncode == 0
    hetzner.sold_out.add("cpx22")
    told(site.script("production", "apply"), "The cloud has no server of this type left", "resource_unavailable")


def test_a_region_of_another_cloud(site):
    file = site.folder / "environments/production.tfvars.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"region": "fr-par"}))
    site.connect()
    told(site.script("production", "plan"), "The region is none of this cloud", "region must be one of Hetzner's")


def test_a_cloud_that_does_not_answer(site, hetzner):
    site.connect()
    site.environment |= {"HCLOUD_ENDPOINT": "http://127.0.0.1:9/v1"}
    told(site.script("production", "plan"), "Something could not be reached", "connection refused")


def test_missing_keys_at_scaleway(scaleway_site):
    scaleway_site.connect()
    scaleway_site.environment |= {"SCW_ACCESS_KEY": "", "SCW_SECRET_KEY": ""}
    told(scaleway_site.script("production", "plan"), "A token of the cloud is missing or malformed", "Error:")


def test_a_key_at_scaleway_that_may_only_read(scaleway_site, scaleway):
    scaleway_site.connect()
    scaleway_site.environment |= scaleway.reader
    assert scaleway_site.script("production", "plan").returncode == 0
    told(scaleway_site.script("production", "apply"), "This token may only read", "insufficient permissions")


def test_a_type_that_sells_out_between_plan_and_apply_at_scaleway(scaleway_site, scaleway):
    scaleway_site.connect()
    assert scaleway_site.script("production", "plan").returncode == 0
    scaleway.sold_out.add("DEV1-M")
    told(scaleway_site.script("production", "apply"), "The cloud has no server of this type left", "Error:")


def test_what_nobody_foresaw_keeps_its_own_words(site):
    site.connect()
    (site.folder / "more.tf").write_text("# A mistake.\nresource {}\n")
    done = site.script("production", "plan")
    assert done.returncode == 1
    assert sentence(done.stdout).startswith("Error:")
    assert done.stdout.rstrip().endswith("The plan for production failed; the reason stands above.")
