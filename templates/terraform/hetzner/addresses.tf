# The public addresses. They belong to the environment, not to the server: a new server gets the same ones.

resource "hcloud_primary_ip" "address" {
  for_each = toset(["ipv4", "ipv6"])

  name              = "${local.server_name}-${each.key}"
  type              = each.key
  location          = var.region
  auto_delete       = false
  delete_protection = var.deletion_protection
  labels            = local.labels
}

locals {
  ipv4_address = hcloud_primary_ip.address["ipv4"].ip_address
  # Hetzner gives a whole network; the server takes its first address.
  ipv6_address = cidrhost(hcloud_primary_ip.address["ipv6"].ip_network, 1)
}
