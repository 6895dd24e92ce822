# Violates CKV_OWN_5, and no other rule of ours.
resource "scaleway_object_bucket" "bad" {
  name = "bad"
  lifecycle {
    prevent_destroy = true
  }
}
