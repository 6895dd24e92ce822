# The data volume, if one is wanted: data outlives the server on it.

resource "hcloud_volume" "data" {
  count = var.volume_size == 0 ? 0 : 1

  name              = "${local.server_name}-data"
  size              = var.volume_size
  location          = var.region
  format            = "ext4"
  delete_protection = var.deletion_protection
  labels            = local.labels

  lifecycle {
    prevent_destroy = true
  }
}

resource "hcloud_volume_attachment" "data" {
  count = var.volume_size == 0 ? 0 : 1

  volume_id = hcloud_volume.data[0].id
  server_id = hcloud_server.server.id
  automount = false # cloud-init mounts it on /srv/data
}
