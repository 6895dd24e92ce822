# The data volume, if one is wanted: data outlives the server on it. The server formats it when it is empty.

resource "scaleway_block_volume" "data" {
  count = var.volume_size == 0 ? 0 : 1

  name       = "${local.server_name}-data"
  size_in_gb = var.volume_size
  iops       = 5000
  zone       = local.zone
  tags       = local.tags

  lifecycle {
    prevent_destroy = true
  }
}
