# The cloud's firewall: what is not named here does not reach the server. Outgoing traffic is free.
# It guards the public side only; on private networks the server's own firewall does (../cloud-init/files/etc/nftables).

locals {
  everywhere = ["0.0.0.0/0", "::/0"]
  open = concat(
    [for source in local.everywhere : { protocol = "TCP", port = 80, source = source }],
    [for source in local.everywhere : { protocol = "TCP", port = 443, source = source }],
    [for source in local.everywhere : { protocol = "UDP", port = 443, source = source }],
    [for source in local.everywhere : { protocol = "ICMP", port = null, source = source }],
    [for source in var.ssh_sources : { protocol = "TCP", port = 22, source = source }],
  )
}

resource "scaleway_instance_security_group" "server" {
  name                    = local.server_name
  zone                    = local.zone
  tags                    = local.tags
  stateful                = true
  inbound_default_policy  = "drop"
  outbound_default_policy = "accept"
  # Alerts leave by mail (port 587), which Scaleway blocks by default. It opens mail only for accounts whose owner it
  # has identified: console.scaleway.com asks for that once.
  enable_default_security = false

  dynamic "inbound_rule" {
    for_each = local.open

    content {
      action   = "accept"
      protocol = inbound_rule.value.protocol
      port     = inbound_rule.value.port
      ip_range = inbound_rule.value.source
    }
  }
}
