"""SSH is open to ssh_sources only: no rule of a firewall names the whole internet for port 22 itself."""

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

EVERYWHERE = {"0.0.0.0/0", "::/0"}
RULES = {"hcloud_firewall": "rule", "scaleway_instance_security_group": "inbound_rule"}
PORTS = ("port", "port_range", "port_range_min")
SOURCES = ("source_ips", "ip_range", "remote_ip_prefix")


def words(value):
    """Every word in the nested lists that checkov makes of an argument."""
    if isinstance(value, list):
        return {word for part in value for word in words(part)}
    return {str(value)}


class SSHNotOpen(BaseResourceCheck):
    """A literal "everywhere" beside port 22 fails."""

    def __init__(self):
        """Name the rule and the firewalls that it reads."""
        super().__init__(
            name="SSH is open to ssh_sources only",
            id="CKV_OWN_1",
            categories=[CheckCategories.NETWORKING],
            supported_resources=[*RULES, "openstack_networking_secgroup_rule_v2"],
        )

    def scan_resource_conf(self, conf):
        """Read every rule of one firewall."""
        rules = conf.get(RULES.get(self.entity_type, ""), []) if self.entity_type in RULES else [conf]
        for rule in rules:
            if isinstance(rule, dict):
                ports = set().union(*(words(rule.get(name)) for name in PORTS))
                sources = set().union(*(words(rule.get(name)) for name in SOURCES))
                if ports & {"22", "22-22"} and sources & EVERYWHERE:
                    return CheckResult.FAILED
        return CheckResult.PASSED


check = SSHNotOpen()
