"""What a plan takes away, and what it gives a password, is read from the plan itself."""

import json
import subprocess
import sys

import pytest

from tests.generation import ROOT

SCRIPT = ROOT / "templates/scripts/plan_summary.py"


def told(what: str, *resources: dict) -> str:
    """What the script says of a plan."""
    plan = json.dumps({"resource_changes": list(resources)})
    command = [sys.executable, "-I", SCRIPT, "production", what]
    return subprocess.run(command, input=plan, capture_output=True, text=True, check=True).stdout.strip()


def resource(kind: str, *actions: str, before: dict | None = None, after: dict | None = None, **more: object) -> dict:
    change = {"actions": list(actions), "before": before, "after": after}
    return {"type": kind, "address": f"module.platform.{kind}.it", "change": change, **more}


@pytest.mark.parametrize(
    "kind",
    ["hcloud_server", "hcloud_volume", "hcloud_primary_ip", "scaleway_instance_server", "scaleway_instance_ip",
     "scaleway_block_volume", "scaleway_rdb_instance", "scaleway_rdb_database", "openstack_compute_instance_v2",
     "openstack_blockstorage_volume_v3", "openstack_networking_port_v2", "openstack_compute_volume_attach_v2",
     "of_a_kind_that_nobody_knew"],
)  # fmt: skip
@pytest.mark.parametrize("actions", [("delete",), ("delete", "create"), ("create", "delete")], ids=" ".join)
def test_what_holds_data_or_an_address_is_a_loss(kind, actions):
    word = "delete" if actions == ("delete",) else "replace"
    assert told("losses", resource(kind, *actions)) == f"- {word} module.platform.{kind}.it"


@pytest.mark.parametrize(
    "kind",
    ["hcloud_zone_record", "hcloud_rdns", "hcloud_firewall", "hcloud_ssh_key", "scaleway_domain_record",
     "scaleway_instance_security_group", "scaleway_instance_private_nic", "openstack_networking_secgroup_rule_v2"],
)  # fmt: skip
def test_what_is_made_again_without_a_loss_is_none(kind):
    assert told("losses", resource(kind, "delete")) == ""


def test_nothing_is_lost_by_what_is_made_changed_or_was_never_finished():
    unfinished = resource("hcloud_server", "delete", "create", action_reason="replace_because_tainted")
    made, changed = resource("hcloud_server", "create"), resource("hcloud_server", "update", before={}, after={})
    assert told("losses", unfinished, made, changed) == ""


def test_a_new_password_is_told_and_the_same_one_is_not():
    def user(before, after):
        return resource("scaleway_rdb_user", "update", before=before, after=after)

    first = resource("scaleway_rdb_user", "create", after={"password_wo_version": 1})
    address = "module.platform.scaleway_rdb_user.it"
    assert told("passwords", first) == address
    assert told("passwords", user({"password_wo_version": 1}, {"password_wo_version": 2})) == address
    assert (
        told("passwords", user({"password_wo_version": 2, "name": "a"}, {"password_wo_version": 2, "name": "b"})) == ""
    )
    assert told("passwords", resource("scaleway_rdb_user", "delete", before={"password_wo_version": 1})) == ""


def test_no_value_is_ever_told():
    before, after = {"user_data": "secret-word"}, {"user_data": "another-secret"}
    plan = resource("hcloud_server", "update", before=before, after=after)
    said = [told(what, plan) for what in ("summary", "losses", "passwords")]
    assert "- change `module.platform.hcloud_server.it` (user_data)" in said[0]
    assert "secret" not in " ".join(said)
