# The answers.

output "orderable" {
  description = "Whether the type can be ordered in the location"
  value       = contains([for type in local.on_sale : type.name], var.name)
}

output "in_use" {
  description = "Whether the server exists already and has this type"
  value       = anytrue([for server in data.hcloud_servers.existing.servers : server.name == var.server_name && server.server_type == var.name])
}

output "exists" {
  description = "Whether the server exists already, with whatever type"
  value       = contains(data.hcloud_servers.existing.servers[*].name, var.server_name)
}

output "advice" {
  description = "What to choose instead, as part of a sentence"
  value = length(local.alternatives) == 0 ? "a smaller type or take another region, for nothing as large is on sale here" : (
    "one that is on sale and as large: ${join(", ", local.alternatives)}"
  )
}
