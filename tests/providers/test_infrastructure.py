"""scripts/infrastructure.sh with the real provider: build, nothing left to do, drift, and what it refuses."""

import shutil
import subprocess

import pytest

from tests.providers.conftest import sentence

BOTH = pytest.mark.parametrize(
    "site", [{"iac": "terraform"}, {"iac": "opentofu"}], indirect=True, ids=lambda a: a["iac"]
)


def built(site, environment="production"):
    """Bucket, plan, apply."""
    for verb in ("bootstrap", "init", "plan", "apply"):
        done = site.script(environment, verb)
        assert done.returncode == 0, done.stdout
    return site


@BOTH
@pytest.mark.needs("moto-server", "aws", "tofu")
def test_an_environment_is_built_and_a_second_plan_has_nothing_to_do(site, hetzner):
    told = site.script("production", "bootstrap").stdout
    assert "It can lock" in told
    built(site)
    (server,) = hetzner.things["servers"].values()
    assert server["name"] == "shop-production"
    assert server["protection"] == {"delete": True, "rebuild": True}
    assert hetzner.root_passwords == 0
    assert site.script("production", "drift").returncode == 0
    assert site.script("production", "output", "-raw", "ipv4_address").stdout.strip() == "203.0.113.7"


@pytest.mark.needs("moto-server", "aws")
def test_drift_is_found_and_told_without_values(site, hetzner):
    built(site)
    (firewall,) = hetzner.things["firewalls"].values()
    firewall["rules"] = firewall["rules"][:1]
    done = site.script("production", "drift")
    assert done.returncode == 2
    assert "hcloud_firewall.server" in done.stdout
    assert "0.0.0.0/0" not in done.stdout


@pytest.mark.needs("moto-server", "aws")
def test_a_token_that_may_only_read_can_plan_and_not_build(site, hetzner):
    for verb in ("bootstrap", "init"):
        assert site.script("production", verb).returncode == 0
    site.environment |= {"HCLOUD_TOKEN": "read".ljust(64, "x")}
    planned = site.script("production", "plan")
    assert planned.returncode == 0, planned.stdout
    applied = site.script("production", "apply")
    assert applied.returncode != 0
    assert "only allowed to read" in sentence(applied.stdout)
    assert not hetzner.things["servers"]


@pytest.mark.needs("moto-server", "aws")
def test_a_sold_out_server_type_is_told_with_an_alternative_before_anything_is_built(site, hetzner):
    hetzner.sold_out.add("cpx22")
    for verb in ("bootstrap", "init"):
        assert site.script("production", verb).returncode == 0
    done = site.script("production", "plan")
    assert done.returncode == 1
    assert "does not sell the server type cpx22 in fsn1 now" in sentence(done.stdout)
    assert not hetzner.things["servers"]


@pytest.mark.needs("moto-server", "aws")
def test_the_host_key_reaches_the_server_and_neither_state_nor_summary(site, hetzner, host_key):
    built(site)
    secret = host_key.read_text("utf-8").splitlines()[1]
    (user_data,) = hetzner.user_data.values()
    assert secret in user_data
    assert secret not in site.run("state", "pull", TF_DATA_DIR=".terraform/production").stdout


@pytest.mark.needs("moto-server", "aws")
def test_staging_and_production_are_two_servers_with_states_of_their_own(site, hetzner, tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "staging"], check=True)
    shutil.copy(tmp_path / "staging.pub", site.folder / "keys/host/staging.pub")
    built(site, "staging")
    built(site, "production")
    assert sorted(server["name"] for server in hetzner.things["servers"].values()) == [
        "shop-production",
        "shop-staging",
    ]


@pytest.mark.needs("moto-server", "aws")
def test_an_unknown_environment_and_a_missing_token_are_refused_in_one_sentence(site):
    assert "There is no environment qa" in site.script("qa", "plan").stdout
    del site.environment["AWS_ACCESS_KEY_ID"]
    assert "Set AWS_ACCESS_KEY_ID" in site.script("production", "plan").stdout
