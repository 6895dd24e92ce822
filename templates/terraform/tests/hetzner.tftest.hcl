# What holds at Hetzner: nothing is open that need not be, and nothing is lost by accident.

mock_provider "hcloud" {
  mock_resource "hcloud_primary_ip" {
    defaults = {
      id         = 11
      ip_address = "203.0.113.7"
      ip_network = "2001:db8:1:2::/64"
    }
  }
  mock_resource "hcloud_firewall" {
    defaults = { id = 12 }
  }
  mock_resource "hcloud_server" {
    defaults = { id = 13 }
  }
  mock_resource "hcloud_volume" {
    defaults = {
      id           = 14
      linux_device = "/dev/disk/by-id/scsi-0HC_Volume_14"
    }
  }
}

override_module {
  target = module.server_type
  outputs = {
    orderable = true
    in_use    = false
    exists    = false
    advice    = "one that is on sale and as large: cpx32"
  }
}

variables {
  project_name        = "shop"
  environment         = "production"
  domain              = "shop.example.com"
  dns_zone            = ""
  subdomains          = []
  region              = "nbg1"
  server_type         = "cpx22"
  ssh_sources         = ["203.0.113.0/24"]
  volume_size         = 0
  backups             = false
  deletion_protection = true
  admin_keys          = { ada = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyOfAda ada@example.com" }
  deploy_keys         = { github = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyOfGitHub" }
  ssh_host_public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyOfTheServer"
  # Only the shape of a key; what it opens is nothing.
  ssh_host_private_key = "shape"
}

run "opens_nothing_but_web_ping_and_ssh" {
  module {
    source = "./hetzner"
  }
  assert {
    condition = toset([for rule in hcloud_firewall.server.rule : join(" ", compact([rule.direction, rule.protocol, rule.port]))]) == toset([
      "in tcp 80", "in tcp 443", "in udp 443", "in icmp", "in tcp 22",
    ])
    error_message = "The firewall must open 80, 443 (TCP and UDP), ping and SSH only."
  }
  assert {
    condition     = alltrue([for rule in hcloud_firewall.server.rule : toset(rule.source_ips) == toset(["203.0.113.0/24"]) if rule.port == "22"])
    error_message = "SSH must be open to ssh_sources only."
  }
  assert {
    condition     = one(hcloud_server.server.firewall_ids) == tonumber(hcloud_firewall.server.id)
    error_message = "The server must stand behind the firewall from its first second."
  }
}

run "closes_ssh_when_no_source_is_given" {
  command = plan
  module {
    source = "./hetzner"
  }
  variables {
    ssh_sources = []
  }
  assert {
    condition     = !contains([for rule in hcloud_firewall.server.rule : rule.port], "22")
    error_message = "Without sources there must be no rule for SSH."
  }
}

run "protects_server_and_addresses" {
  module {
    source = "./hetzner"
  }
  assert {
    condition     = hcloud_server.server.delete_protection && hcloud_server.server.rebuild_protection
    error_message = "Hetzner must refuse to delete or rebuild the server."
  }
  assert {
    condition     = alltrue([for address in hcloud_primary_ip.address : address.delete_protection && !address.auto_delete])
    error_message = "The addresses must outlive the server."
  }
}

run "lets_go_when_protection_is_off" {
  command = plan
  module {
    source = "./hetzner"
  }
  variables {
    deletion_protection = false
  }
  assert {
    condition     = !hcloud_server.server.delete_protection && !hcloud_server.server.rebuild_protection
    error_message = "Both protections must follow the variable: Hetzner wants them equal."
  }
}

run "attaches_a_protected_volume_when_asked" {
  command = plan
  module {
    source = "./hetzner"
  }
  variables {
    volume_size = 20
  }
  assert {
    condition     = hcloud_volume.data[0].size == 20 && hcloud_volume.data[0].delete_protection
    error_message = "The volume must have the size asked for and be protected."
  }
  assert {
    condition     = length(hcloud_volume_attachment.data) == 1
    error_message = "The volume must be attached."
  }
}

run "writes_both_records_into_the_zone" {
  module {
    source = "./hetzner"
  }
  variables {
    dns_zone   = "example.com"
    subdomains = ["grafana"]
  }
  assert {
    condition = toset([for record in hcloud_zone_rrset.domain : "${record.name} ${record.type} ${one(record.records).value}"]) == toset([
      "shop A 203.0.113.7",
      "shop AAAA 2001:db8:1:2::1",
      "grafana.shop A 203.0.113.7",
      "grafana.shop AAAA 2001:db8:1:2::1",
    ])
    error_message = "A and AAAA must point to the stable addresses, relative to the zone."
  }
}

run "writes_the_apex_when_domain_and_zone_are_the_same" {
  command = plan
  module {
    source = "./hetzner"
  }
  variables {
    dns_zone = "shop.example.com"
  }
  assert {
    condition     = alltrue([for record in hcloud_zone_rrset.domain : record.name == "@"])
    error_message = "The zone's own name is written @."
  }
}

run "refuses_a_new_server_that_cannot_prove_its_host_key" {
  command = plan
  module {
    source = "./hetzner"
  }
  variables {
    ssh_host_private_key = null
  }
  expect_failures = [hcloud_server.server]
}

run "refuses_a_region_outside_the_eu" {
  command = plan
  module {
    source = "./hetzner"
  }
  variables {
    region = "ash"
  }
  expect_failures = [var.region]
}

run "refuses_a_server_type_that_cannot_be_one" {
  command = plan
  module {
    source = "./hetzner"
  }
  variables {
    server_type = "large"
  }
  expect_failures = [var.server_type]
}
