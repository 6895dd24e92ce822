# Violates CKV_OWN_3, and no other rule of ours.
resource "openstack_blockstorage_volume_v3" "bad" {
  size = 20
}
