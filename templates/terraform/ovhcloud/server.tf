# The server. Its first boot is described in ../cloud-init.

locals {
  server_name = "${var.project_name}-${var.environment}"
  tags        = ["project=${var.project_name}", "environment=${var.environment}", "managed-by=terraform"]
}

module "cloud_init" {
  source = "../cloud-init"

  hostname             = local.server_name
  admin_keys           = var.admin_keys
  deploy_keys          = var.deploy_keys
  ssh_host_private_key = var.ssh_host_private_key
  data_device          = var.volume_size == 0 ? "" : "/dev/data-volume"
  more_files           = local.volume_name
}

module "offer" {
  source = "./offer"

  server_type = var.server_type
  region      = var.region
}

resource "openstack_compute_instance_v2" "server" {
  name      = local.server_name
  flavor_id = module.offer.flavor_id
  image_id  = module.offer.image_id
  region    = var.region
  tags      = local.tags

  # The state holds a hash of this text only. A plan file holds all of it, the host key too: treat it as a secret.
  user_data = module.cloud_init.user_data

  # The firewall is at the port, so the server stands behind it from its first second.
  network {
    port = openstack_networking_port_v2.public.id
  }

  lifecycle {
    # Both would replace a running server. Later changes reach it through scripts/apply.sh.
    ignore_changes = [image_id, user_data]
  }
}
