# The same inputs as every cloud. Checks that hold for all clouds stand in ../variables.tf, OVHcloud's own here.

variable "project_name" {
  description = "Name of the project"
  type        = string
}

variable "environment" {
  description = "Name of the environment"
  type        = string
}

variable "domain" {
  description = "Domain of the environment"
  type        = string
}

# Only its validation reads it.
# tflint-ignore: terraform_unused_declarations
variable "dns_zone" {
  description = "DNS zone at the cloud; at OVHcloud it stays empty, as its DNS is not part of OpenStack"
  type        = string

  validation {
    condition     = var.dns_zone == ""
    error_message = "dns_zone must be empty: OVHcloud's DNS is not part of OpenStack. The output dns_records_to_create says what to enter there."
  }
}

variable "subdomains" {
  description = "Names below the domain that lead to the server, too"
  type        = list(string)
}

variable "region" {
  description = "Region of OVHcloud"
  type        = string

  validation {
    condition     = contains(["GRA11", "SBG5", "DE1", "WAW1"], var.region)
    error_message = "region must be one of OVHcloud's in the EU: GRA11 (Gravelines), SBG5 (Strasbourg), DE1 (Frankfurt) or WAW1 (Warsaw)."
  }
}

variable "server_type" {
  description = "Server type at OVHcloud, there called flavor"
  type        = string

  validation {
    condition     = can(regex("^[a-z][0-9]-[0-9]{1,3}$", var.server_type))
    error_message = "server_type must be an instance of OVHcloud, such as d2-4."
  }
}

variable "ssh_sources" {
  description = "Networks from which SSH is reachable"
  type        = list(string)
}

variable "volume_size" {
  description = "Size of the data volume in GB; 0: none"
  type        = number
}

# Only its validation reads it.
# tflint-ignore: terraform_unused_declarations
variable "backups" {
  description = "Whether the cloud makes a daily backup of the server's disk, which OpenStack does not offer"
  type        = bool

  validation {
    condition     = !var.backups
    error_message = "backups must be false: OpenStack makes no daily copies of a disk. The OVHcloud Control Panel does (Instances, Automated backup)."
  }
}

# OpenStack cannot refuse to delete something. What holds data is protected by Terraform (volume.tf).
# tflint-ignore: terraform_unused_declarations
variable "deletion_protection" {
  description = "Whether the cloud refuses to delete things, which OpenStack does not offer"
  type        = bool
}

variable "admin_keys" {
  description = "Public SSH keys of the people who run the server, by person"
  type        = map(string)
}

variable "deploy_keys" {
  description = "Public SSH keys that may release, by actor"
  type        = map(string)
}

# Every cloud takes it; OpenStack needs no key beside those of the first boot.
# tflint-ignore: terraform_unused_declarations
variable "ssh_host_public_key" {
  description = "Public host key of sshd; empty: unknown"
  type        = string
}

variable "ssh_host_private_key" {
  description = "Private host key of sshd; null: the server makes its own"
  type        = string
  sensitive   = true
}
