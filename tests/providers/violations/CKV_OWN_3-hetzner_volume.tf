# Violates CKV_OWN_3, and no other rule of ours.
resource "hcloud_volume" "bad" {
  name = "bad"
  size = 10
}
