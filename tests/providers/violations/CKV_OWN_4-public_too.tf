# Violates CKV_OWN_4, and no other rule of ours.
resource "scaleway_rdb_instance" "bad" {
  node_type = "DB-DEV-S"
  private_network {
    pn_id = "x"
  }
  load_balancer {}
  lifecycle {
    prevent_destroy = true
  }
}
