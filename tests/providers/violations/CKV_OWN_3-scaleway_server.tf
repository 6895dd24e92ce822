# Violates CKV_OWN_3, and no other rule of ours.
resource "scaleway_instance_server" "bad" {
  type              = "DEV1-M"
  security_group_id = "x"
}
