# Which Terraform or OpenTofu may run this, and which version of the cloud's provider.
terraform {
  # Write-only arguments need 1.11 of both.
  required_version = ">= 1.11"

  required_providers {
    hcloud = {
      source  = "hetznercloud/hcloud"
      version = "~> 1.68"
    }
  }
}
