"""The same at Scaleway with its real provider: build, nothing left to do, change, take down, and what it refuses."""

import json

import pytest

from tests.providers.conftest import sentence

BOTH = pytest.mark.parametrize(
    "scaleway_site", [{"iac": "terraform"}, {"iac": "opentofu"}], indirect=True, ids=lambda a: a["iac"]
)


def change(site, **variables):
    """Write these variables into the file of production."""
    file = site.folder / "environments/production.tfvars.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | variables))


def answers(site):
    return json.loads((site.folder / "environments/production.tfvars.json").read_text())


@BOTH
@pytest.mark.needs("moto-server", "aws", "tofu")
def test_an_environment_is_built_changed_and_taken_down_without_a_rest(scaleway_site, scaleway):
    change(scaleway_site, dns_zone=answers(scaleway_site)["domain"], volume_size=20)
    for verb in ("bootstrap", "init", "plan", "apply"):
        done = scaleway_site.script("production", verb)
        assert done.returncode == 0, done.stdout
    (server,) = scaleway.servers.values()
    assert server["name"] == "shop-production"
    assert server["state"] == "running"
    assert server["protected"]
    assert {record["type"]: record["name"] for record in scaleway.records.values()} == {"A": "", "AAAA": ""}
    drift = scaleway_site.script("production", "drift")
    assert drift.returncode == 0, drift.stdout

    change(scaleway_site, ssh_sources=["203.0.113.0/24"])
    planned = scaleway_site.script("production", "plan")
    assert "production: 1 to change" in planned.stdout
    assert "- change `module.platform.scaleway_instance_security_group.server` (inbound_rule)" in planned.stdout
    assert scaleway_site.script("production", "apply").returncode == 0
    (rules,) = scaleway.rules.values()
    assert [rule["ip_range"] for rule in rules if rule["dest_port_from"] == 22] == ["203.0.113.0/24"]

    change(scaleway_site, deletion_protection=False)
    for verb in ("plan", "apply"):
        done = scaleway_site.script("production", verb)
        assert done.returncode == 0, done.stdout
    volume = scaleway_site.folder / "scaleway/volume.tf"
    volume.write_text(volume.read_text().replace("prevent_destroy = true", "prevent_destroy = false"))
    gone = destroy(scaleway_site)
    assert gone.returncode == 0, gone.stdout
    assert scaleway.is_empty


def destroy(site):
    arguments = ("destroy", "-auto-approve", "-var-file=environments/production.tfvars.json")
    return site.run(*arguments, TF_DATA_DIR=".terraform/production")


@pytest.mark.needs("moto-server", "curl")
def test_no_private_key_is_in_user_data_or_state_and_the_public_one_can_be_fetched(scaleway_site, scaleway):
    scaleway_site.build()
    ((_, told),) = scaleway.user_data.items()
    assert b"PRIVATE KEY" not in b"".join(told.values())
    assert "PRIVATE KEY" not in scaleway_site.run("state", "pull", TF_DATA_DIR=".terraform/production").stdout
    fetched = scaleway_site.script("production", "host_key")
    assert fetched.stdout == "ssh-ed25519 AAAAOfTheServerItself\n"


@pytest.mark.needs("moto-server", "curl")
def test_a_host_key_of_a_server_that_is_not_there_is_told_in_one_sentence(scaleway_site):
    done = scaleway_site.script("production", "host_key")
    assert done.returncode == 1
    assert done.stdout == "There is no server shop-production in fr-par-1. Build it first.\n"


@pytest.mark.needs("moto-server")
def test_a_key_that_may_only_read_can_plan_and_not_build(scaleway_site, scaleway):
    scaleway_site.connect()
    scaleway_site.environment |= scaleway.reader
    planned = scaleway_site.script("production", "plan")
    assert planned.returncode == 0, planned.stdout
    applied = scaleway_site.script("production", "apply")
    assert applied.returncode != 0
    assert "insufficient permissions" in sentence(applied.stdout)
    assert scaleway.is_empty


@pytest.mark.needs("moto-server")
def test_a_sold_out_server_type_is_told_before_anything_is_built(scaleway_site, scaleway):
    scaleway.sold_out.add("DEV1-M")
    scaleway_site.connect()
    done = scaleway_site.script("production", "plan")
    assert done.returncode == 1
    assert "does not sell the server type DEV1-M in fr-par-1 now" in sentence(done.stdout)
    assert scaleway.is_empty


@pytest.mark.needs("moto-server")
def test_a_server_whose_type_sold_out_is_left_alone(scaleway_site, scaleway):
    scaleway_site.build()
    scaleway.sold_out.add("DEV1-M")
    done = scaleway_site.script("production", "plan")
    assert done.returncode == 0, done.stdout
    assert "nothing to do" in done.stdout


@pytest.mark.needs("moto-server")
def test_the_server_knows_its_volume_by_the_volumes_own_id_and_what_is_protected_stays(scaleway_site, scaleway):
    change(scaleway_site, volume_size=20)
    scaleway_site.build()
    (volume,) = [v for v in scaleway.volumes.values() if v["name"] == "shop-production-data"]
    (told,) = scaleway.user_data.values()
    assert f"/dev/disk/by-id/scsi-0SCW_sbs_volume-{volume['id']}".encode() in told["cloud-init"]
    refused = destroy(scaleway_site)
    assert refused.returncode == 1
    assert "prevent_destroy" in refused.stdout
    assert scaleway.servers


@pytest.mark.needs("moto-server")
def test_another_region_replaces_and_warns(scaleway_site):
    scaleway_site.build()
    change(scaleway_site, region="nl-ams")
    told = scaleway_site.script("production", "plan").stdout
    assert "- replace `module.platform.scaleway_instance_server.server`" in told
    assert "WARNING: this deletes something." in told
