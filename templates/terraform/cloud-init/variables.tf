# What the first boot has to know.

variable "hostname" {
  description = "Name that the server gives itself"
  type        = string
}

variable "admin_keys" {
  description = "Public SSH keys of the people who log in as ops, by person"
  type        = map(string)

  validation {
    condition     = length(var.admin_keys) > 0
    error_message = "Put at least one public key into terraform/keys/admin, such as ada.pub: without it nobody could log in."
  }

  validation {
    condition     = alltrue([for name in keys(var.admin_keys) : can(regex("^[A-Za-z0-9][A-Za-z0-9._-]*$", name))])
    error_message = "File names in terraform/keys/admin must be letters, digits and . _ - only, such as ada.pub: the server runs a command with them."
  }

  validation {
    condition     = alltrue([for key in values(var.admin_keys) : can(regex("^(sk-)?(ssh|ecdsa)-[a-z0-9-]+(@openssh.com)? [A-Za-z0-9+/]+=*( [^\\n]*)?$", key))])
    error_message = "Every file in terraform/keys/admin must hold exactly one public key, as ssh-keygen writes it into the .pub file."
  }
}

variable "deploy_keys" {
  description = "Public SSH keys that may release, by actor; the actor's name goes into the release history"
  type        = map(string)

  validation {
    condition     = alltrue([for name in keys(var.deploy_keys) : can(regex("^[A-Za-z0-9][A-Za-z0-9._-]*$", name))])
    error_message = "File names in terraform/keys/deploy must be letters, digits and . _ - only: the server runs a command with them."
  }

  validation {
    condition     = alltrue([for key in values(var.deploy_keys) : can(regex("^(sk-)?(ssh|ecdsa)-[a-z0-9-]+(@openssh.com)? [A-Za-z0-9+/]+=*( [^\\n]*)?$", key))])
    error_message = "Every file in terraform/keys/deploy must hold exactly one public key, as ssh-keygen writes it into the .pub file."
  }
}

variable "ssh_host_private_key" {
  description = "Private host key of sshd (ed25519, OpenSSH format); null: the server makes its own, which no client knows"
  type        = string
  default     = null
  sensitive   = true
}

variable "data_device" {
  description = "Device of the data volume, mounted on /srv/data; empty: there is none"
  type        = string
  default     = ""
}

variable "last_commands" {
  description = "Commands that the cloud wants at the end of the first boot, each a list of words"
  type        = list(list(string))
  default     = []
}

variable "more_files" {
  description = "Files that the cloud needs on the server, by path"
  type        = map(string)
  default     = {}
}
