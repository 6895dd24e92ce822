# The answers.

output "orderable" {
  description = "Whether the type can be ordered in the zone"
  value       = contains(["available", "scarce"], data.scaleway_instance_server_type.wanted.availability)
}

output "in_use" {
  description = "Whether the server exists already and has this type"
  value       = anytrue([for server in data.scaleway_instance_servers.existing.servers : server.name == var.server_name && server.type == var.name])
}

output "advice" {
  description = "What to choose instead, as part of a sentence"
  value       = "another one, such as DEV1-M, DEV1-L, PLAY2-NANO, PLAY2-MICRO or PRO2-XXS, or take another region"
}
