# What holds at Scaleway: nothing is open that need not be, and nothing is lost by accident.

mock_provider "scaleway" {
  mock_resource "scaleway_instance_ip" {
    defaults = {
      id      = "fr-par-1/11111111-1111-1111-1111-111111111111"
      address = "203.0.113.7"
    }
  }
  mock_resource "scaleway_instance_security_group" {
    defaults = { id = "fr-par-1/22222222-2222-2222-2222-222222222222" }
  }
  mock_resource "scaleway_block_volume" {
    defaults = { id = "fr-par-1/44444444-4444-4444-4444-444444444444" }
  }
  mock_resource "scaleway_instance_server" {
    defaults = { id = "fr-par-1/33333333-3333-3333-3333-333333333333" }
  }
}

override_module {
  target = module.server_type
  outputs = {
    orderable = true
    in_use    = false
    advice    = "another one"
  }
}

override_module {
  target  = module.ipv6_address
  outputs = { address = "2001:db8:1:2::1" }
}

variables {
  project_name         = "shop"
  environment          = "production"
  domain               = "shop.example.com"
  dns_zone             = ""
  subdomains           = []
  region               = "fr-par"
  server_type          = "DEV1-M"
  ssh_sources          = ["203.0.113.0/24"]
  volume_size          = 0
  backups              = false
  deletion_protection  = true
  admin_keys           = { ada = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyOfAda ada@example.com" }
  deploy_keys          = { github = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyOfGitHub" }
  ssh_host_public_key  = ""
  ssh_host_private_key = "shape"
}

run "opens_nothing_but_web_ping_and_ssh" {
  module {
    source = "./scaleway"
  }
  assert {
    condition = toset([for rule in scaleway_instance_security_group.server.inbound_rule : join(" ", compact([rule.action, rule.protocol, rule.port]))]) == toset([
      "accept TCP 80", "accept TCP 443", "accept UDP 443", "accept ICMP", "accept TCP 22",
    ])
    error_message = "The firewall must open 80, 443 (TCP and UDP), ping and SSH only."
  }
  assert {
    condition     = scaleway_instance_security_group.server.inbound_default_policy == "drop"
    error_message = "What is not named must be dropped."
  }
  assert {
    condition     = [for rule in scaleway_instance_security_group.server.inbound_rule : rule.ip_range if rule.port == 22] == ["203.0.113.0/24"]
    error_message = "SSH must be open to ssh_sources only."
  }
  assert {
    condition     = scaleway_instance_server.server.security_group_id == scaleway_instance_security_group.server.id
    error_message = "The server must stand behind the firewall from its first second: Scaleway's own group lets everything in."
  }
}

run "lets_alerts_leave_by_mail" {
  command = plan
  module {
    source = "./scaleway"
  }
  assert {
    condition     = !scaleway_instance_security_group.server.enable_default_security
    error_message = "Scaleway's block of mail must be off, or no alert reaches anybody."
  }
}

run "closes_ssh_when_no_source_is_given" {
  command = plan
  module {
    source = "./scaleway"
  }
  variables {
    ssh_sources = []
  }
  assert {
    condition     = !contains([for rule in scaleway_instance_security_group.server.inbound_rule : rule.port], 22)
    error_message = "Without sources there must be no rule for SSH."
  }
}

run "keeps_the_private_host_key_out_of_what_scaleway_and_the_state_hold" {
  module {
    source = "./scaleway"
  }
  assert {
    condition     = !strcontains(nonsensitive(scaleway_instance_server.server.cloud_init), "ssh_keys")
    error_message = "User data at Scaleway can be read by others: there must be no private key in it."
  }
  assert {
    condition     = contains(flatten(yamldecode(nonsensitive(scaleway_instance_server.server.cloud_init)).runcmd), "http://169.254.42.42/user_data/ssh-host-key")
    error_message = "The server must publish the key that it made."
  }
}

run "protects_the_server" {
  command = plan
  module {
    source = "./scaleway"
  }
  assert {
    condition     = scaleway_instance_server.server.protected
    error_message = "Scaleway must refuse to delete the server."
  }
}

run "lets_go_when_protection_is_off" {
  command = plan
  module {
    source = "./scaleway"
  }
  variables {
    deletion_protection = false
  }
  assert {
    condition     = !scaleway_instance_server.server.protected
    error_message = "The protection must follow the variable."
  }
}

run "attaches_a_volume_when_asked" {
  command = plan
  module {
    source = "./scaleway"
  }
  variables {
    volume_size = 20
  }
  assert {
    condition     = one(scaleway_block_volume.data).size_in_gb == 20
    error_message = "The volume must have the size asked for."
  }
}

run "writes_both_records_into_the_zone" {
  module {
    source = "./scaleway"
  }
  variables {
    dns_zone   = "example.com"
    subdomains = ["grafana"]
  }
  assert {
    condition = toset([for record in scaleway_domain_record.domain : "${record.name} ${record.type} ${record.data}"]) == toset([
      "shop A 203.0.113.7",
      "shop AAAA 2001:db8:1:2::1",
      "grafana.shop A 203.0.113.7",
      "grafana.shop AAAA 2001:db8:1:2::1",
    ])
    error_message = "A and AAAA must point to the addresses, relative to the zone."
  }
}

run "writes_the_apex_when_domain_and_zone_are_the_same" {
  command = plan
  module {
    source = "./scaleway"
  }
  variables {
    dns_zone = "shop.example.com"
  }
  assert {
    condition     = alltrue([for record in scaleway_domain_record.domain : record.name == ""])
    error_message = "The zone's own name is written as an empty one."
  }
}

run "refuses_copies_of_the_disk_that_scaleway_does_not_make" {
  command = plan
  module {
    source = "./scaleway"
  }
  variables {
    backups = true
  }
  expect_failures = [var.backups]
}

run "refuses_a_region_outside_the_eu" {
  command = plan
  module {
    source = "./scaleway"
  }
  variables {
    region = "fr-srr"
  }
  expect_failures = [var.region]
}

run "refuses_a_server_type_that_cannot_be_one" {
  command = plan
  module {
    source = "./scaleway"
  }
  variables {
    server_type = "cpx22"
  }
  expect_failures = [var.server_type]
}
