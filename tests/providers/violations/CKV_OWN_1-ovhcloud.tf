# Violates CKV_OWN_1, and no other rule of ours.
resource "openstack_networking_secgroup_rule_v2" "bad" {
  direction        = "ingress"
  ethertype        = "IPv4"
  protocol         = "tcp"
  port_range_min   = 22
  port_range_max   = 22
  remote_ip_prefix = "0.0.0.0/0"
}
