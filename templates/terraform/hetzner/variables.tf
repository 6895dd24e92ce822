# The same inputs as every cloud. Checks that hold for all clouds stand in ../variables.tf, Hetzner's own here.

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
  description = "DNS zone at Hetzner that holds the domain; empty: the DNS is elsewhere"
  type        = string
}

variable "subdomains" {
  description = "Names below the domain that lead to the server, too"
  type        = list(string)
}

variable "region" {
  description = "Location at Hetzner"
  type        = string

  validation {
    condition     = contains(["fsn1", "nbg1", "hel1"], var.region)
    error_message = "region must be one of Hetzner's locations in the EU: fsn1 (Falkenstein), nbg1 (Nuremberg) or hel1 (Helsinki)."
  }
}

variable "server_type" {
  description = "Server type at Hetzner"
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2,4}[0-9]{2}$", var.server_type))
    error_message = "server_type must be a server type of Hetzner Cloud, such as cpx22."
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

variable "backups" {
  description = "Whether Hetzner makes a daily backup of the server's disk"
  type        = bool
}

variable "deletion_protection" {
  description = "Whether Hetzner refuses to delete server, addresses and volume"
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

variable "ssh_host_public_key" {
  description = "Public host key of sshd; empty: unknown"
  type        = string
}

variable "ssh_host_private_key" {
  description = "Private host key of sshd; null: the server makes its own"
  type        = string
  sensitive   = true
}
