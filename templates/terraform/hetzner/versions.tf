# Which Terraform or OpenTofu may run this, and which version of the cloud's provider.
terraform {
  # Terraform 1.11 and OpenTofu 1.10 have all that is used here. OpenTofu compares this line with its own
  # version, so it must name the lower of the two.
  required_version = ">= 1.10"

  required_providers {
    hcloud = {
      source  = "hetznercloud/hcloud"
      version = "~> 1.68"
    }
  }
}
