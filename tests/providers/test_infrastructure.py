"""scripts/infrastructure.sh with the real provider: build, nothing left to do, drift, and what it refuses."""

import json
import shutil
import subprocess

import pytest

from tests.providers.conftest import sentence

BOTH = pytest.mark.parametrize(
    "site", [{"iac": "terraform"}, {"iac": "opentofu"}], indirect=True, ids=lambda a: a["iac"]
)


def change(site, **variables):
    """Write these variables into the file of production."""
    file = site.folder / "environments/production.tfvars.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | variables))


@BOTH
@pytest.mark.needs("moto-server", "aws", "tofu")
def test_an_environment_is_built_and_a_second_plan_has_nothing_to_do(site, hetzner):
    for verb in ("bootstrap", "init", "plan", "apply"):
        done = site.script("production", verb)
        assert done.returncode == 0, done.stdout
    (server,) = hetzner.things["servers"].values()
    assert server["name"] == "shop-production"
    assert server["protection"] == {"delete": True, "rebuild": True}
    assert hetzner.root_passwords == 0
    assert site.script("production", "drift").returncode == 0
    assert site.script("production", "output", "-raw", "ipv4_address").stdout.strip() == "203.0.113.7"


@pytest.mark.needs("moto-server")
def test_drift_is_found_and_told_without_values(site, hetzner):
    site.build()
    (firewall,) = hetzner.things["firewalls"].values()
    firewall["rules"] = firewall["rules"][:1]
    done = site.script("production", "drift")
    assert done.returncode == 2
    assert "hcloud_firewall.server" in done.stdout
    assert "0.0.0.0/0" not in done.stdout


@pytest.mark.needs("moto-server")
def test_a_token_that_may_only_read_can_plan_and_not_build(site, hetzner):
    site.connect()
    site.environment |= {"HCLOUD_TOKEN": "read".ljust(64, "x")}
    planned = site.script("production", "plan")
    assert planned.returncode == 0, planned.stdout
    applied = site.script("production", "apply")
    assert applied.returncode != 0
    assert "only allowed to read" in sentence(applied.stdout)
    assert not hetzner.things["servers"]


@pytest.mark.needs("moto-server")
def test_a_sold_out_server_type_is_told_with_an_alternative_before_anything_is_built(site, hetzner):
    hetzner.sold_out.add("cpx22")
    site.connect()
    done = site.script("production", "plan")
    assert done.returncode == 1
    assert "does not sell the server type cpx22 in fsn1 now" in sentence(done.stdout)
    assert not hetzner.things["servers"]


@pytest.mark.needs("moto-server")
def test_the_host_key_reaches_the_server_and_neither_state_nor_summary(site, hetzner, host_key):
    site.build()
    secret = host_key.read_text("utf-8").splitlines()[1]
    (user_data,) = hetzner.user_data.values()
    assert secret in user_data
    assert secret not in site.run("state", "pull", TF_DATA_DIR=".terraform/production").stdout


@pytest.mark.needs("moto-server")
def test_staging_and_production_are_two_servers_with_states_of_their_own(site, hetzner, tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "staging"], check=True)
    shutil.copy(tmp_path / "staging.pub", site.folder / "keys/host/staging.pub")
    site.build("staging")
    site.build("production")
    assert sorted(server["name"] for server in hetzner.things["servers"].values()) == [
        "shop-production",
        "shop-staging",
    ]


@pytest.mark.needs("moto-server")
def test_an_unknown_environment_and_a_missing_token_are_refused_in_one_sentence(site):
    assert "There is no environment qa" in site.script("qa", "plan").stdout
    del site.environment["AWS_ACCESS_KEY_ID"]
    assert "Set AWS_ACCESS_KEY_ID" in site.script("production", "plan").stdout


@pytest.mark.needs("moto-server")
def test_a_change_is_told_by_names_and_a_replacement_is_warned_of(site, hetzner):
    site.build()
    change(site, backups=True, volume_size=20)
    told = site.script("production", "plan").stdout
    assert "production: 2 to create, 1 to change" in told
    assert "- change `module.platform.hcloud_server.server` (backups)" in told
    change(site, region="nbg1")
    told = site.script("production", "plan").stdout
    assert "- replace `module.platform.hcloud_server.server` (location)" in told
    assert "WARNING: this deletes something." in told
    assert "nbg1" not in told


@pytest.mark.needs("moto-server")
def test_what_is_protected_goes_only_when_protection_was_taken_away(site, hetzner):
    site.build()
    destroy = ("destroy", "-auto-approve", "-var-file=environments/production.tfvars.json")
    refused = site.run(*destroy, TF_DATA_DIR=".terraform/production")
    assert refused.returncode == 1
    assert "is protected" in sentence(refused.stdout)
    assert hetzner.things["servers"]
    change(site, deletion_protection=False)
    for verb in ("plan", "apply"):
        done = site.script("production", verb)
        assert done.returncode == 0, done.stdout
    gone = site.run(*destroy, TF_DATA_DIR=".terraform/production")
    assert gone.returncode == 0, gone.stdout
    assert not any(hetzner.things.values())


@pytest.mark.needs("moto-server")
def test_a_volume_is_attached_and_its_removal_is_refused(site, hetzner):
    change(site, volume_size=20)
    site.build()
    (volume,) = hetzner.things["volumes"].values()
    (server,) = hetzner.things["servers"]
    assert volume["server"] == server
    assert volume["linux_device"] in hetzner.user_data[server]
    assert site.script("production", "drift").returncode == 0
    change(site, volume_size=0)
    refused = site.script("production", "plan")
    assert refused.returncode == 1
    assert "prevent_destroy" in refused.stdout


@pytest.mark.needs("moto-server")
def test_the_zone_gets_both_records(site, hetzner):
    zone = json.loads((site.folder / "environments/production.tfvars.json").read_text())["domain"]
    change(site, dns_zone=zone)
    site.build()
    assert sorted((name, kind) for _, name, kind in hetzner.records) == [("@", "A"), ("@", "AAAA")]
    assert site.script("production", "drift").returncode == 0


@pytest.mark.needs("moto-server")
def test_a_server_whose_type_sold_out_is_left_alone(site, hetzner):
    site.build()
    hetzner.sold_out.add("cpx22")
    done = site.script("production", "plan")
    assert done.returncode == 0, done.stdout
    assert "nothing to do" in done.stdout
