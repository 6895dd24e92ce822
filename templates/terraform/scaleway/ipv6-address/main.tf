# Picks the IPv6 address out of what a server says about its public addresses.
# A folder of its own, because a test can replace a whole module but not these nested answers.
terraform {
  required_version = ">= 1.11"
}

variable "public_ips" {
  description = "Public addresses of a server, as Scaleway tells them"
  type        = list(object({ address = string, family = string }))
}

output "address" {
  description = "The IPv6 address"
  value       = one([for ip in var.public_ips : ip.address if ip.family == "inet6"])
}
