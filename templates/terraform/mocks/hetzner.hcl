# The cloud as a mock, and what the tests may believe of it.
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
