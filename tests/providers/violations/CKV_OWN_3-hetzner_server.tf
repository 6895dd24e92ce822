# Violates CKV_OWN_3, and no other rule of ours.
resource "hcloud_server" "bad" {
  name         = "bad"
  server_type  = "cpx22"
  firewall_ids = [1]
}
