# Where the database is.

output "address" {
  description = "Address and port on the private network"
  value       = "${scaleway_rdb_instance.database.private_network[0].ip}:${scaleway_rdb_instance.database.private_network[0].port}"
}
