"""Every server stands behind a firewall from its first second, and that drops what it does not name."""

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

FIREWALLS = {
    "hcloud_server": "firewall_ids",
    "scaleway_instance_server": "security_group_id",
    "openstack_networking_port_v2": "security_group_ids",
}


class BehindAFirewall(BaseResourceCheck):
    """A server without a firewall fails, and a firewall that lets in what it does not name."""

    def __init__(self):
        """Name the rule and what it reads."""
        super().__init__(
            name="Servers stand behind a firewall that drops by default",
            id="CKV_OWN_2",
            categories=[CheckCategories.NETWORKING],
            supported_resources=[*FIREWALLS, "scaleway_instance_security_group"],
        )

    def scan_resource_conf(self, conf):
        """Read one server or one firewall."""
        if self.entity_type in FIREWALLS:
            given = conf.get(FIREWALLS[self.entity_type])
            return CheckResult.PASSED if given and given not in ([[]], [""], [None]) else CheckResult.FAILED
        return CheckResult.PASSED if conf.get("inbound_default_policy") == ["drop"] else CheckResult.FAILED


check = BehindAFirewall()
