# Violates CKV_OWN_3, and no other rule of ours.
resource "scaleway_block_volume" "bad" {
  iops = 5000
  lifecycle {
    prevent_destroy = false
  }
}
