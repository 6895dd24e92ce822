# Violates CKV_OWN_2, and no other rule of ours.
resource "hcloud_server" "bad" {
  name              = "bad"
  server_type       = "cpx22"
  delete_protection = true
}
