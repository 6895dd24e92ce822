"""A bucket keeps former versions, so that what was overwritten or deleted can be had back."""

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class BucketVersioned(BaseResourceCheck):
    """A bucket without versioning fails."""

    def __init__(self):
        """Name the rule and the buckets that it reads."""
        super().__init__(
            name="Buckets keep former versions",
            id="CKV_OWN_5",
            categories=[CheckCategories.BACKUP_AND_RECOVERY],
            supported_resources=["scaleway_object_bucket"],
        )

    def scan_resource_conf(self, conf):
        """Read one bucket."""
        for versioning in conf.get("versioning", []):
            if isinstance(versioning, dict) and versioning.get("enabled") == [True]:
                return CheckResult.PASSED
        return CheckResult.FAILED


check = BucketVersioned()
