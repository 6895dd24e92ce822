# Looks up the ids of a server type and of Debian in a region: OVHcloud gives each region other ones.
# A folder of its own, because a test can replace a whole module.

data "openstack_compute_flavor_v2" "wanted" {
  name   = var.server_type
  region = var.region
}

data "openstack_images_image_v2" "debian" {
  name        = "Debian 13" # supported to 2028, long-term support to 2030
  region      = var.region
  visibility  = "public"
  most_recent = true
}
