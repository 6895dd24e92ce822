# Server types sell out at Hetzner: a new server is refused with advice, one that runs is left alone.

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

run "says_what_to_take_when_a_type_is_sold_out" {
  command = plan
  module {
    source = "./hetzner"
  }
  override_module {
    target = module.server_type
    outputs = {
      orderable = false
      in_use    = false
      exists    = false
      advice    = "one that is on sale and as large: cpx32"
    }
  }
  expect_failures = [hcloud_server.server]
}

run "leaves_a_running_server_of_a_sold_out_type_alone" {
  command = plan
  module {
    source = "./hetzner"
  }
  override_module {
    target = module.server_type
    outputs = {
      orderable = false
      in_use    = true
      exists    = true
      advice    = "one that is on sale and as large: cpx32"
    }
  }
  assert {
    condition     = hcloud_server.server.server_type == "cpx22"
    error_message = "A server that runs must stay plannable."
  }
}
