# Violates CKV_OWN_2, and no other rule of ours.
resource "scaleway_instance_server" "bad" {
  type      = "DEV1-M"
  protected = true
}
