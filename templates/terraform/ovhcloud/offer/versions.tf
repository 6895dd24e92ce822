# The provider that answers the questions of this folder.
terraform {
  required_version = ">= 1.11"

  required_providers {
    openstack = {
      source  = "terraform-provider-openstack/openstack"
      version = "~> 3.4"
    }
  }
}
