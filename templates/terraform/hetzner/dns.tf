# The domain's addresses, if its DNS zone is at Hetzner. The zone itself must exist: a registrar points to it.

locals {
  dns_records = {
    A    = local.ipv4_address
    AAAA = local.ipv6_address
  }
}

resource "hcloud_zone_rrset" "domain" {
  for_each = var.dns_zone == "" ? {} : local.dns_records

  zone    = var.dns_zone
  name    = var.domain == var.dns_zone ? "@" : trimsuffix(var.domain, ".${var.dns_zone}")
  type    = each.key
  ttl     = 300
  records = [{ value = each.value }]
  labels  = local.labels
}
