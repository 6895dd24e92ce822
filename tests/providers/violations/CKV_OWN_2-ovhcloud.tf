# Violates CKV_OWN_2, and no other rule of ours.
resource "openstack_networking_port_v2" "bad" {
  network_id = "x"
}
