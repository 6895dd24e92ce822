# What holds at OVHcloud: nothing is open that need not be, and nothing is lost by accident.

mock_provider "openstack" {
  mock_resource "openstack_networking_port_v2" {
    defaults = {
      id            = "11111111-1111-1111-1111-111111111111"
      all_fixed_ips = ["203.0.113.7", "2001:db8:1:2::1"]
    }
  }
  mock_resource "openstack_blockstorage_volume_v3" {
    defaults = { id = "44444444-4444-4444-4444-444444444444" }
  }
}

override_module {
  target = module.offer
  outputs = {
    flavor_id = "22222222-2222-2222-2222-222222222222"
    image_id  = "33333333-3333-3333-3333-333333333333"
  }
}

variables {
  project_name        = "shop"
  environment         = "production"
  domain              = "shop.example.com"
  dns_zone            = ""
  subdomains          = ["grafana"]
  region              = "GRA11"
  server_type         = "d2-4"
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
    source = "./ovhcloud"
  }
  assert {
    condition = toset([for rule in openstack_networking_secgroup_rule_v2.in : join(" ", compact([rule.ethertype, rule.protocol, rule.port_range_min, rule.remote_ip_prefix]))]) == toset([
      "IPv4 tcp 80 0.0.0.0/0", "IPv6 tcp 80 ::/0",
      "IPv4 tcp 443 0.0.0.0/0", "IPv6 tcp 443 ::/0",
      "IPv4 udp 443 0.0.0.0/0", "IPv6 udp 443 ::/0",
      "IPv4 icmp 0.0.0.0/0", "IPv6 ipv6-icmp ::/0",
      "IPv4 tcp 22 203.0.113.0/24",
    ])
    error_message = "The firewall must open 80, 443 (TCP and UDP) and ping to all, SSH to ssh_sources only."
  }
  assert {
    condition     = openstack_networking_secgroup_v2.server.delete_default_rules
    error_message = "No rule may come from OpenStack."
  }
  assert {
    condition     = one(openstack_networking_port_v2.public.security_group_ids) == openstack_networking_secgroup_v2.server.id
    error_message = "Our group must be the only one: OVHcloud's own lets everything in."
  }
  assert {
    condition     = one(openstack_compute_instance_v2.server.network).port == openstack_networking_port_v2.public.id
    error_message = "The server must use the port that has the firewall."
  }
}

run "closes_ssh_when_no_source_is_given" {
  command = plan
  module {
    source = "./ovhcloud"
  }
  variables {
    ssh_sources = []
  }
  assert {
    condition     = !contains([for rule in openstack_networking_secgroup_rule_v2.in : rule.port_range_min], 22)
    error_message = "Without sources there must be no rule for SSH."
  }
}

run "tells_every_record_to_enter" {
  module {
    source = "./ovhcloud"
  }
  assert {
    condition = toset([for record in output.dns_records_to_create : "${record.name} ${record.type} ${record.value}"]) == toset([
      "shop.example.com A 203.0.113.7",
      "shop.example.com AAAA 2001:db8:1:2::1",
      "grafana.shop.example.com A 203.0.113.7",
      "grafana.shop.example.com AAAA 2001:db8:1:2::1",
    ])
    error_message = "Both addresses must be listed for the domain and the names below it."
  }
}

run "names_the_volume_by_its_own_id" {
  command = plan
  module {
    source = "./ovhcloud"
  }
  variables {
    volume_size = 20
  }
  assert {
    condition     = one(openstack_blockstorage_volume_v3.data).size == 20 && length(openstack_compute_volume_attach_v2.data) == 1
    error_message = "The volume must have the size asked for and be attached."
  }
}

run "refuses_a_zone_that_it_cannot_keep" {
  command = plan
  module {
    source = "./ovhcloud"
  }
  variables {
    dns_zone = "example.com"
  }
  expect_failures = [var.dns_zone]
}

run "refuses_copies_of_the_disk_that_openstack_does_not_make" {
  command = plan
  module {
    source = "./ovhcloud"
  }
  variables {
    backups = true
  }
  expect_failures = [var.backups]
}

run "refuses_a_region_outside_the_eu" {
  command = plan
  module {
    source = "./ovhcloud"
  }
  variables {
    region = "BHS5"
  }
  expect_failures = [var.region]
}

run "refuses_a_server_type_that_cannot_be_one" {
  command = plan
  module {
    source = "./ovhcloud"
  }
  variables {
    server_type = "cpx22"
  }
  expect_failures = [var.server_type]
}
