# Server types sell out at Scaleway: a new server is refused with advice, one that runs is left alone.

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

run "says_what_to_take_when_a_type_is_sold_out" {
  command = plan
  module {
    source = "./scaleway"
  }
  override_module {
    target = module.server_type
    outputs = {
      orderable = false
      in_use    = false
      advice    = "another one"
    }
  }
  expect_failures = [scaleway_instance_server.server]
}

run "leaves_a_running_server_of_a_sold_out_type_alone" {
  command = plan
  module {
    source = "./scaleway"
  }
  override_module {
    target = module.server_type
    outputs = {
      orderable = false
      in_use    = true
      advice    = "another one"
    }
  }
  assert {
    condition     = scaleway_instance_server.server.type == "DEV1-M"
    error_message = "A server that runs must stay plannable."
  }
}
