# The records that the domain needs. OVHcloud's DNS is not part of OpenStack, so somebody enters them there, once: the
# addresses stay.

locals {
  names = concat([var.domain], [for name in var.subdomains : "${name}.${var.domain}"])
  dns_records = merge([for name in local.names : {
    "${name} A"    = { name = name, type = "A", value = local.ipv4_address }
    "${name} AAAA" = { name = name, type = "AAAA", value = local.ipv6_address }
  }]...)
}
