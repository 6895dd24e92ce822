# Asks Scaleway whether a server type can be ordered in a zone. Types sell out.
# A folder of its own, because a test can replace a whole module but not these nested answers.

data "scaleway_instance_server_type" "wanted" {
  name = var.name
  zone = var.zone
}

# A type that is sold out stays fine for the server that already has it.
data "scaleway_instance_servers" "existing" {
  name = var.server_name
  tags = var.tags
  zone = var.zone
}
