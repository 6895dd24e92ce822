# Violates CKV_OWN_2, and no other rule of ours.
resource "scaleway_instance_security_group" "bad" {
  inbound_default_policy = "accept"
}
