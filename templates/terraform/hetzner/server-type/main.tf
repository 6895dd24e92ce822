# Asks Hetzner whether a server type can be ordered in a location, and which others can. Types sell out often.
# A folder of its own, because a test can replace a whole module but not these nested answers.

data "hcloud_server_types" "all" {}

# A type that is sold out stays fine for the server that already has it.
data "hcloud_servers" "existing" {
  with_selector = var.label_selector
}

locals {
  wanted = one([for type in data.hcloud_server_types.all.server_types : type if type.name == var.name])

  on_sale = [
    for type in data.hcloud_server_types.all.server_types : type
    if anytrue([for place in type.locations : place.name == var.location && place.available && !place.is_deprecated])
  ]

  # As large as the one that is wanted, smallest first. All of them when that one is unknown.
  suitable = {
    for type in local.on_sale : format("%07.1f-%03d-%s", type.memory, type.cores, type.name) => type.name
    if local.wanted == null ? true : (
      type.architecture == local.wanted.architecture && type.cores >= local.wanted.cores && type.memory >= local.wanted.memory
    )
  }
  alternatives = slice(values(local.suitable), 0, min(5, length(local.suitable)))
}
