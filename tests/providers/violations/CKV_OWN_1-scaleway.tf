# Violates CKV_OWN_1, and no other rule of ours.
resource "scaleway_instance_security_group" "bad" {
  inbound_default_policy = "drop"
  inbound_rule {
    action   = "accept"
    port     = 80
    ip_range = "0.0.0.0/0"
  }
  inbound_rule {
    action   = "accept"
    port     = 22
    ip_range = "::/0"
  }
}
