# The cloud as a mock, and what the tests may believe of it.
mock_provider "openstack" {
  mock_resource "openstack_networking_port_v2" {
    defaults = {
      id            = "11111111-1111-1111-1111-111111111111"
      all_fixed_ips = ["203.0.113.7", "2001:db8:1:2::1"]
    }
  }
}

override_module {
  target = module.platform.module.offer
  outputs = {
    flavor_id = "22222222-2222-2222-2222-222222222222"
    image_id  = "33333333-3333-3333-3333-333333333333"
  }
}
