# What somebody wants, and where.

variable "server_type" {
  description = "Server type, in OpenStack's words the flavor"
  type        = string
}

variable "region" {
  description = "Region in which it is wanted"
  type        = string
}
