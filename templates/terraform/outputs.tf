# What pipelines, scripts and people may read: bash scripts/infrastructure.sh <environment> output

output "url" {
  description = "Address of the application"
  value       = "https://${var.domain}"
}

output "ipv4_address" {
  description = "Public IPv4 address; it stays when the server is replaced"
  value       = module.platform.ipv4_address
}

output "ipv6_address" {
  description = "Public IPv6 address; it stays when the server is replaced"
  value       = module.platform.ipv6_address
}

output "server_name" {
  description = "Name of the server at the cloud"
  value       = module.platform.server_name
}

output "server_id" {
  description = "ID of the server at the cloud"
  value       = module.platform.server_id
}

output "dns_records_to_create" {
  description = "Records to enter where the domain's DNS is; empty when Terraform keeps them in dns_zone"
  value       = module.platform.dns_records_to_create
}

output "ssh_known_hosts" {
  description = "Line for known_hosts that pins the server's host key; empty without keys/host/<environment>.pub"
  value       = local.ssh_host_public_key == "" ? "" : "${var.environment} ${local.ssh_host_public_key}"
}

output "data_folder" {
  description = "Folder of the data volume on the server; empty: there is no volume"
  value       = var.volume_size == 0 ? "" : "/srv/data"
}
