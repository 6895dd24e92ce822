# The cloud's firewall: what is not named here does not reach the server. Outgoing traffic is free.

locals {
  everywhere = ["0.0.0.0/0", "::/0"]
  open = concat(
    [for source in local.everywhere : { name = "HTTP", protocol = "tcp", port = 80, source = source }],
    [for source in local.everywhere : { name = "HTTPS", protocol = "tcp", port = 443, source = source }],
    [for source in local.everywhere : { name = "HTTPS over QUIC", protocol = "udp", port = 443, source = source }],
    [for source in var.ssh_sources : { name = "SSH", protocol = "tcp", port = 22, source = source }],
    [
      { name = "Ping", protocol = "icmp", port = null, source = "0.0.0.0/0" },
      { name = "Ping and neighbours", protocol = "ipv6-icmp", port = null, source = "::/0" },
    ],
  )
}

resource "openstack_networking_secgroup_v2" "server" {
  name                 = local.server_name
  description          = "What may reach the server of ${var.environment}"
  region               = var.region
  delete_default_rules = true # all rules stand below
  tags                 = local.tags
}

resource "openstack_networking_secgroup_rule_v2" "in" {
  for_each = { for rule in local.open : "${rule.name} from ${rule.source}" => rule }

  description       = each.value.name
  direction         = "ingress"
  ethertype         = strcontains(each.value.source, ":") ? "IPv6" : "IPv4"
  protocol          = each.value.protocol
  port_range_min    = each.value.port
  port_range_max    = each.value.port
  remote_ip_prefix  = each.value.source
  security_group_id = openstack_networking_secgroup_v2.server.id
  region            = var.region
}

resource "openstack_networking_secgroup_rule_v2" "out" {
  for_each = toset(["IPv4", "IPv6"])

  description       = "Everything"
  direction         = "egress"
  ethertype         = each.key
  security_group_id = openstack_networking_secgroup_v2.server.id
  region            = var.region
}
