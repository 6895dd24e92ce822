"""A managed database is reached on a private network only."""

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class DatabaseNotPublic(BaseResourceCheck):
    """A database with a public endpoint fails, and one without a private network, for it would get one."""

    def __init__(self):
        """Name the rule and the databases that it reads."""
        super().__init__(
            name="Databases are reached on a private network only",
            id="CKV_OWN_4",
            categories=[CheckCategories.NETWORKING],
            supported_resources=["scaleway_rdb_instance"],
        )

    def scan_resource_conf(self, conf):
        """Read one database."""
        public = bool(conf.get("load_balancer"))
        return CheckResult.PASSED if conf.get("private_network") and not public else CheckResult.FAILED


check = DatabaseNotPublic()
