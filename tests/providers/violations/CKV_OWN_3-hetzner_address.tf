# Violates CKV_OWN_3, and no other rule of ours.
resource "hcloud_primary_ip" "bad" {
  name              = "bad"
  type              = "ipv4"
  delete_protection = false
}
