# What can be set. The answers are in environments/<environment>.tfvars.json; the rest has defaults.

variable "project_name" {
  description = "Name of the project: servers and labels carry it"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.project_name)) && length(var.project_name) <= 30
    error_message = "project_name must be at most 30 lower-case letters, digits and single dashes, and begin with a letter."
  }
}

variable "environment" {
  description = "Name of the environment"
  type        = string

  validation {
    condition     = contains(["production", "staging"], var.environment)
    error_message = "environment must be production or staging."
  }
}

variable "domain" {
  description = "Domain under which this environment is reached"
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$", var.domain)) && length(var.domain) <= 253
    error_message = "domain must be a full domain name in lower case, such as shop.example.com."
  }
}

variable "dns_zone" {
  description = "DNS zone at the cloud that holds the domain, it must exist; empty: the DNS is elsewhere, and the output dns_records_to_create says what to enter there"
  type        = string
  default     = ""

  validation {
    condition     = var.dns_zone == "" || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$", var.dns_zone))
    error_message = "dns_zone must be empty or a domain name in lower case, such as example.com."
  }
}

variable "subdomains" {
  description = "Names below the domain that lead to the server, too, such as grafana"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.subdomains : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "subdomains must be single names such as grafana, without the domain."
  }
}

variable "region" {
  description = "Region of the cloud"
  type        = string
}

variable "server_type" {
  description = "Server type, in the words of the cloud"
  type        = string
}

variable "ssh_sources" {
  description = "Networks from which SSH is reachable; pipelines on hosted runners have no fixed address and need all of them"
  type        = list(string)
  default     = ["0.0.0.0/0", "::/0"]

  validation {
    condition     = alltrue([for source in var.ssh_sources : can(cidrhost(source, 0))])
    error_message = "ssh_sources must be networks such as 203.0.113.7/32 or 2001:db8::/48."
  }
}

variable "volume_size" {
  description = "Size of the data volume on /srv/data in GB; 0: none"
  type        = number
  default     = 0

  validation {
    condition     = var.volume_size == 0 || (var.volume_size >= 10 && var.volume_size <= 10000 && floor(var.volume_size) == var.volume_size)
    error_message = "volume_size must be 0 (no volume) or a whole number of GB between 10 and 10000."
  }
}

variable "backups" {
  description = "Whether the cloud makes a daily backup of the server's disk (costs extra)"
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Whether the cloud, where it can, refuses to delete what it made; set it to false and apply before you take an environment down"
  type        = bool
  default     = true
}

variable "ssh_host_private_key" {
  description = "Private half of keys/host/<environment>.pub, given as TF_VAR_ssh_host_private_key; null: the server makes a key of its own, and clients that pin the public half refuse it"
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.ssh_host_private_key == null || can(regex("^-----BEGIN OPENSSH PRIVATE KEY-----\\s[\\s\\S]+\\s-----END OPENSSH PRIVATE KEY-----\\s*$", var.ssh_host_private_key))
    error_message = "ssh_host_private_key must be a private key in OpenSSH format, as ssh-keygen -t ed25519 writes it."
  }
}

variable "keys_folder" {
  description = "Folder with the public keys (the tests have their own)"
  type        = string
  default     = "keys"
}
