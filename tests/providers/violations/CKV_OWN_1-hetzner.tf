# Violates CKV_OWN_1, and no other rule of ours.
resource "hcloud_firewall" "bad" {
  rule {
    direction  = "in"
    protocol   = "tcp"
    port       = "22"
    source_ips = ["203.0.113.0/24", "0.0.0.0/0"]
  }
}
