# The cloud's firewall: what is not named here does not reach the server. Outgoing traffic is free.

locals {
  everywhere = ["0.0.0.0/0", "::/0"]
  open = merge(
    {
      "HTTP"            = { protocol = "tcp", port = "80", sources = local.everywhere }
      "HTTPS"           = { protocol = "tcp", port = "443", sources = local.everywhere }
      "HTTPS over QUIC" = { protocol = "udp", port = "443", sources = local.everywhere }
      "Ping"            = { protocol = "icmp", port = null, sources = local.everywhere }
    },
    length(var.ssh_sources) == 0 ? {} : { "SSH" = { protocol = "tcp", port = "22", sources = var.ssh_sources } },
  )
}

resource "hcloud_firewall" "server" {
  name   = local.server_name
  labels = local.labels

  dynamic "rule" {
    for_each = local.open

    content {
      description = rule.key
      direction   = "in"
      protocol    = rule.value.protocol
      port        = rule.value.port
      source_ips  = rule.value.sources
    }
  }
}
