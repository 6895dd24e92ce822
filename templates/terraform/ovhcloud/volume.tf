# The data volume, if one is wanted: data outlives the server on it. The server formats it when it is empty.

resource "openstack_blockstorage_volume_v3" "data" {
  count = var.volume_size == 0 ? 0 : 1

  name        = "${local.server_name}-data"
  size        = var.volume_size
  region      = var.region
  volume_type = "high-speed"

  lifecycle {
    prevent_destroy = true
  }
}

resource "openstack_compute_volume_attach_v2" "data" {
  count = var.volume_size == 0 ? 0 : 1

  instance_id = openstack_compute_instance_v2.server.id
  volume_id   = openstack_blockstorage_volume_v3.data[0].id
  region      = var.region
}

locals {
  # OVHcloud's hosts show volumes under names that depend on the host; the beginning of the volume's id is in all of
  # them. The server calls it /dev/data-volume.
  volume_name = var.volume_size == 0 ? {} : {
    "/etc/udev/rules.d/60-data-volume.rules" = "SUBSYSTEM==\"block\", ENV{ID_SERIAL}==\"*${substr(openstack_blockstorage_volume_v3.data[0].id, 0, 20)}*\", SYMLINK+=\"data-volume\"\n"
  }
}
