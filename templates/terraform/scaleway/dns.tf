# The addresses of the domain and of the names below it, if its DNS zone is at Scaleway. The zone itself must exist: a
# registrar points to it.

locals {
  names = concat([var.domain], [for name in var.subdomains : "${name}.${var.domain}"])
  dns_records = merge([for name in local.names : {
    "${name} A"    = { name = name, type = "A", value = local.ipv4_address }
    "${name} AAAA" = { name = name, type = "AAAA", value = local.ipv6_address }
  }]...)
}

resource "scaleway_domain_record" "domain" {
  for_each = var.dns_zone == "" ? {} : local.dns_records

  dns_zone = var.dns_zone
  name     = each.value.name == var.dns_zone ? "" : trimsuffix(each.value.name, ".${var.dns_zone}")
  type     = each.value.type
  ttl      = 300
  data     = each.value.value
}
