"""The same at Scaleway with its real provider: build, nothing left to do, change, take down, and what it refuses."""

import json
import shutil

import pytest

from tests.providers.conftest import sentence


def with_both(**answers):
    """Once for each tool, with these answers."""
    each = [{"iac": iac} | answers for iac in ("terraform", "opentofu")]
    return pytest.mark.parametrize("scaleway_site", each, indirect=True, ids=lambda a: a["iac"])


PHRASE = "of-this-test-only-Aa1-0123456789"


def change(site, **variables):
    """Write these variables into the file of production."""
    file = site.folder / "environments/production.tfvars.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | variables))


def answers(site):
    return json.loads((site.folder / "environments/production.tfvars.json").read_text())


@with_both()
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
    gone = scaleway_site.script("production", "destroy", "shop-production")
    assert gone.returncode == 0, gone.stdout
    assert scaleway.is_empty


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
    settings = "-var-file=environments/production.tfvars.json"
    refused = scaleway_site.run("destroy", "-auto-approve", settings, TF_DATA_DIR=".terraform/production")
    assert refused.returncode == 1
    assert "prevent_destroy" in refused.stdout
    assert scaleway.servers


@pytest.mark.needs("moto-server")
def test_another_region_replaces_and_warns_and_waits_for_somebody_who_means_it(scaleway_site, scaleway):
    change(scaleway_site, deletion_protection=False)
    scaleway_site.build()
    (server,) = scaleway.servers.values()
    change(scaleway_site, region="nl-ams")
    told = scaleway_site.script("production", "plan").stdout
    assert "- replace `module.platform.scaleway_instance_server.server`" in told
    assert "WARNING: this deletes something." in told
    refused = scaleway_site.script("production", "apply")
    assert refused.returncode == 1
    assert "This plan takes away:" in refused.stdout
    assert "- replace module.platform.scaleway_instance_server.server\n" in refused.stdout
    assert "security_group" not in refused.stdout
    assert list(scaleway.servers.values()) == [server]
    assert server["state"] == "running"
    done = scaleway_site.script("production", "apply", "shop-production")
    assert done.returncode == 0, done.stdout
    assert [server["zone"] for server in scaleway.servers.values()] == ["nl-ams-1"]


@with_both(database="managed")
@pytest.mark.needs("moto-server", "aws", "tofu")
def test_a_managed_database_is_built_on_a_private_network_and_kept_until_somebody_says_so(scaleway_site, scaleway):
    site, databases = scaleway_site, scaleway.databases
    site.connect()
    assert site.script("production", "plan").returncode == 0
    built = site.script("production", "apply", DATABASE_PASSWORD_PRODUCTION=PHRASE)
    assert built.returncode == 0, built.stdout
    assert "bash scripts/database.sh production 172.16.4.2:5432" in built.stdout
    ((identity, database),) = databases.instances.items()
    assert [endpoint["ip"] for endpoint in database["endpoints"]] == ["172.16.4.2"]
    assert database["encryption"] == {"enabled": True}
    assert database["backup_schedule"]["retention"] == 14
    assert [interface["server_id"] for interface in databases.interfaces.values()] == list(scaleway.servers)
    assert databases.inside[identity]["users"]["app"]["is_admin"] is False
    assert databases.inside[identity]["privileges"]["app"]["permission"] == "all"
    drift = site.script("production", "drift")
    assert drift.returncode == 0, drift.stdout

    databases.inside[identity]["privileges"]["app"]["permission"] = "custom"
    change(site, database_type="DB-PLAY2-PICO")
    planned = site.script("production", "plan").stdout
    assert "production: 1 to change" in planned
    assert "- change `module.database.scaleway_rdb_instance.database` (node_type)" in planned
    assert site.script("production", "apply", DATABASE_PASSWORD_PRODUCTION=PHRASE).returncode == 0
    assert list(databases.instances) == [identity]

    refused = site.script("production", "destroy", "shop-production")
    assert refused.returncode == 1
    assert refused.stdout.startswith("production is protected: docs/operations.md")
    assert list(databases.instances) == [identity]
    change(site, deletion_protection=False)
    for verb in ("plan", "apply"):
        assert site.script("production", verb).returncode == 0
    gone = site.script("production", "destroy", "shop-production")
    assert gone.returncode == 0, gone.stdout
    assert scaleway.is_empty


@with_both(database="managed")
@pytest.mark.needs("moto-server", "tofu")
def test_the_password_of_a_managed_database_is_in_no_plan_and_in_no_state(scaleway_site, scaleway):
    site = scaleway_site
    site.connect()
    assert site.script("production", "plan").returncode == 0
    refused = site.script("production", "apply")
    assert refused.stdout == (
        "Set DATABASE_PASSWORD_PRODUCTION to the password of the database; bash scripts/setup.sh made it, and you keep "
        "a copy.\n"
    )
    assert not scaleway.databases.instances
    shutil.copy(site.folder / "production.tfplan", site.folder / "kept.tfplan")
    assert site.script("production", "apply", DATABASE_PASSWORD_PRODUCTION=PHRASE).returncode == 0
    assert scaleway.databases.passwords == {"app": PHRASE}
    plan = site.run("show", "-json", "kept.tfplan", TF_DATA_DIR=".terraform/production").stdout
    state = site.run("state", "pull", TF_DATA_DIR=".terraform/production").stdout
    assert "scaleway_rdb_instance" in plan and "scaleway_rdb_instance" in state
    assert PHRASE not in plan + state

    newer = PHRASE[::-1]
    change(site, database_password_version=2)
    for verb in ("plan", "apply"):
        assert site.script("production", verb, DATABASE_PASSWORD_PRODUCTION=newer).returncode == 0
    assert scaleway.databases.passwords == {"app": newer}


@pytest.mark.needs("moto-server")
def test_what_is_to_be_taken_down_must_be_named(scaleway_site, scaleway):
    change(scaleway_site, deletion_protection=False)
    scaleway_site.connect()
    nothing = scaleway_site.script("production", "destroy", "shop-production")
    assert nothing.returncode == 0
    assert "No objects need to be destroyed" in nothing.stdout
    for verb in ("plan", "apply"):
        assert scaleway_site.script("production", verb).returncode == 0
    for arguments in ((), ("shop-staging",)):
        refused = scaleway_site.script("production", "destroy", *arguments)
        assert refused.returncode == 1
        assert refused.stdout == (
            "To take production down, name it: bash scripts/infrastructure.sh production destroy shop-production\n"
        )
    assert scaleway.servers
