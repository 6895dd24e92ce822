"""What holds data or an address is not deleted by accident: the cloud refuses it, or Terraform does."""

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

BY_THE_CLOUD = {
    "hcloud_server": "delete_protection",
    "hcloud_primary_ip": "delete_protection",
    "scaleway_instance_server": "protected",
}
BY_TERRAFORM = {
    "hcloud_volume",
    "openstack_blockstorage_volume_v3",
    "scaleway_block_volume",
    "scaleway_object_bucket",
    "scaleway_rdb_database",
    "scaleway_rdb_instance",
}


class ProtectedFromDeletion(BaseResourceCheck):
    """A server without the cloud's protection fails, and data without prevent_destroy."""

    def __init__(self):
        """Name the rule and what it reads."""
        super().__init__(
            name="What holds data or an address is protected from deletion",
            id="CKV_OWN_3",
            categories=[CheckCategories.BACKUP_AND_RECOVERY],
            supported_resources=[*BY_THE_CLOUD, *BY_TERRAFORM],
        )

    def scan_resource_conf(self, conf):
        """Read one resource."""
        if self.entity_type in BY_THE_CLOUD:
            protected = conf.get(BY_THE_CLOUD[self.entity_type], [False])[0]
            return CheckResult.FAILED if protected in (False, None, "false") else CheckResult.PASSED
        for lifecycle in conf.get("lifecycle", []):
            if isinstance(lifecycle, dict) and lifecycle.get("prevent_destroy") == [True]:
                return CheckResult.PASSED
        return CheckResult.FAILED


check = ProtectedFromDeletion()
