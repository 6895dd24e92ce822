# The public addresses. They belong to a port of OVHcloud's public network, not to the server: a new server that takes
# over the port has the same ones.

data "openstack_networking_network_v2" "public" {
  name   = "Ext-Net"
  region = var.region
}

resource "openstack_networking_port_v2" "public" {
  name               = local.server_name
  network_id         = data.openstack_networking_network_v2.public.id
  region             = var.region
  admin_state_up     = true
  security_group_ids = [openstack_networking_secgroup_v2.server.id]
  tags               = local.tags
}

locals {
  ipv4_address = one([for address in openstack_networking_port_v2.public.all_fixed_ips : address if !strcontains(address, ":")])
  ipv6_address = one([for address in openstack_networking_port_v2.public.all_fixed_ips : address if strcontains(address, ":")])
}
