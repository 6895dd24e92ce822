# The cloud as a mock, and what the tests may believe of it.
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
  mock_resource "scaleway_instance_server" {
    defaults = { id = "fr-par-1/33333333-3333-3333-3333-333333333333" }
  }
}

override_module {
  target = module.platform.module.server_type
  outputs = {
    orderable = true
    in_use    = false
    advice    = ""
  }
}

override_module {
  target  = module.platform.module.ipv6_address
  outputs = { address = "2001:db8:1:2::1" }
}
