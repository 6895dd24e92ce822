# What every cloud tells the root module: the same names everywhere.

output "ipv4_address" {
  description = "Public IPv4 address"
  value       = local.ipv4_address
}

output "ipv6_address" {
  description = "Public IPv6 address"
  value       = local.ipv6_address
}

output "server_name" {
  description = "Name of the server at the cloud"
  value       = openstack_compute_instance_v2.server.name
}

output "server_id" {
  description = "ID of the server at the cloud"
  value       = openstack_compute_instance_v2.server.id
}

output "dns_records_to_create" {
  description = "DNS records that Terraform does not keep itself"
  value       = values(local.dns_records)
}
