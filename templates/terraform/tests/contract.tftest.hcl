# What holds for every cloud: which answers are refused, and what comes out. Needs no account: the cloud is a mock.

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
  target = module.platform.module.server_type
  outputs = {
    orderable = true
    in_use    = false
    exists    = false
    advice    = ""
  }
}

variables {
  project_name         = "shop"
  environment          = "production"
  domain               = "shop.example.com"
  region               = "fsn1"
  server_type          = "cpx22"
  keys_folder          = "tests/keys"
  ssh_host_private_key = <<-EOT
    -----BEGIN OPENSSH PRIVATE KEY-----
    not a key, only its shape
    -----END OPENSSH PRIVATE KEY-----
  EOT
}

run "tells_the_addresses" {
  assert {
    condition     = output.url == "https://shop.example.com"
    error_message = "The output url must be the domain with https."
  }
  assert {
    condition     = output.ipv4_address == "203.0.113.7" && output.ipv6_address == "2001:db8:1:2::1"
    error_message = "The outputs must be the stable addresses, IPv6 the first of its network."
  }
  assert {
    condition     = output.server_name == "shop-production"
    error_message = "The server must be named after project and environment."
  }
}

run "tells_which_records_to_create_when_the_dns_is_elsewhere" {
  assert {
    condition = [for record in output.dns_records_to_create : "${record.name} ${record.type} ${record.value}"] == [
      "shop.example.com A 203.0.113.7",
      "shop.example.com AAAA 2001:db8:1:2::1",
    ]
    error_message = "Both addresses must be listed for the domain."
  }
}

run "tells_the_records_of_names_below_the_domain" {
  variables {
    subdomains = ["grafana"]
  }
  assert {
    condition     = contains(output.dns_records_to_create[*].name, "grafana.shop.example.com")
    error_message = "Names below the domain lead to the same server."
  }
}

run "creates_the_records_itself_when_it_has_the_zone" {
  variables {
    dns_zone = "example.com"
  }
  assert {
    condition     = length(output.dns_records_to_create) == 0
    error_message = "Nothing is left to do by hand."
  }
}

run "pins_the_host_key" {
  assert {
    condition     = can(regex("^production ssh-ed25519 [A-Za-z0-9+/]+$", output.ssh_known_hosts))
    error_message = "The output must be a line for known_hosts with the committed key."
  }
}

run "has_no_volume_unless_asked" {
  assert {
    condition     = output.data_folder == ""
    error_message = "There must be no data volume by default."
  }
}

run "refuses_a_bad_project_name" {
  command         = plan
  expect_failures = [var.project_name]
  variables {
    project_name = "Shop_1"
  }
}

run "refuses_an_unknown_environment" {
  command         = plan
  expect_failures = [var.environment]
  variables {
    environment = "prod"
  }
}

run "refuses_a_url_as_domain" {
  command         = plan
  expect_failures = [var.domain]
  variables {
    domain = "https://shop.example.com"
  }
}

run "refuses_a_bad_zone" {
  command         = plan
  expect_failures = [var.dns_zone]
  variables {
    dns_zone = "example"
  }
}

run "refuses_a_whole_name_as_subdomain" {
  command         = plan
  expect_failures = [var.subdomains]
  variables {
    subdomains = ["grafana.shop.example.com"]
  }
}

run "refuses_an_ssh_source_that_is_no_network" {
  command         = plan
  expect_failures = [var.ssh_sources]
  variables {
    ssh_sources = ["203.0.113.7"]
  }
}

run "refuses_a_tiny_volume" {
  command         = plan
  expect_failures = [var.volume_size]
  variables {
    volume_size = 5
  }
}

run "refuses_a_host_key_that_is_none" {
  command         = plan
  expect_failures = [var.ssh_host_private_key]
  variables {
    ssh_host_private_key = "ssh-ed25519 AAAA"
  }
}
