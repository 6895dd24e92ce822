# Which Terraform or OpenTofu may run this, and which version of the cloud's provider.
terraform {
  # Write-only arguments need 1.11 of both.
  required_version = ">= 1.11"

  required_providers {
    # OVHcloud's servers, networks and volumes are OpenStack.
    openstack = {
      source  = "terraform-provider-openstack/openstack"
      version = "~> 3.4"
    }
  }
}
