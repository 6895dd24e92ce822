# The same inputs as every cloud. Checks that hold for all clouds stand in ../variables.tf, Scaleway's own here.

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

variable "dns_zone" {
  description = "DNS zone at Scaleway that holds the domain; empty: the DNS is elsewhere"
  type        = string
}

variable "subdomains" {
  description = "Names below the domain that lead to the server, too"
  type        = list(string)
}

variable "region" {
  description = "Region of Scaleway; the server stands in its first zone"
  type        = string

  validation {
    condition     = contains(["fr-par", "nl-ams", "pl-waw"], var.region)
    error_message = "region must be one of Scaleway's in the EU: fr-par (Paris), nl-ams (Amsterdam) or pl-waw (Warsaw)."
  }
}

variable "server_type" {
  description = "Server type at Scaleway"
  type        = string

  validation {
    condition     = can(regex("^[A-Z][A-Z0-9]*-[A-Z0-9-]+$", var.server_type))
    error_message = "server_type must be an instance type of Scaleway, such as DEV1-M."
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
  description = "Whether the cloud makes a daily backup of the server's disk, which Scaleway does not offer"
  type        = bool

  validation {
    condition     = !var.backups
    error_message = "backups must be false: Scaleway makes no daily copies of a server's disk."
  }
}

variable "deletion_protection" {
  description = "Whether Scaleway refuses to delete the server"
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

# Every cloud takes the next two; here the server makes its host key itself (server.tf says why).
# tflint-ignore: terraform_unused_declarations
variable "ssh_host_public_key" {
  description = "Public host key of sshd; not used at Scaleway"
  type        = string
}

# tflint-ignore: terraform_unused_declarations
variable "ssh_host_private_key" {
  description = "Private host key of sshd; not used at Scaleway"
  type        = string
  sensitive   = true
}
