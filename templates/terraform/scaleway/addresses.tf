# The public addresses. They belong to the environment, not to the server: a new server gets the same IPv4 address and
# the same IPv6 network; within that network it gives itself an address of its own.

resource "scaleway_instance_ip" "address" {
  for_each = toset(["ipv4", "ipv6"])

  type = "routed_${each.key}"
  zone = local.zone
  tags = local.tags
}

module "ipv6_address" {
  source = "./ipv6-address"

  public_ips = scaleway_instance_server.server.public_ips
}

locals {
  ipv4_address = scaleway_instance_ip.address["ipv4"].address
  ipv6_address = module.ipv6_address.address
}
