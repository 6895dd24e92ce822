# The server. Its first boot is described in ../cloud-init.

locals {
  server_name = "${var.project_name}-${var.environment}"
  labels = {
    project     = var.project_name
    environment = var.environment
    managed-by  = "terraform"
  }
}

module "cloud_init" {
  source = "../cloud-init"

  hostname             = local.server_name
  admin_keys           = var.admin_keys
  deploy_keys          = var.deploy_keys
  ssh_host_private_key = var.ssh_host_private_key
  data_device          = var.volume_size == 0 ? "" : hcloud_volume.data[0].linux_device
}

module "server_type" {
  source = "./server-type"

  name           = var.server_type
  location       = var.region
  server_name    = local.server_name
  label_selector = "project=${var.project_name},environment=${var.environment}"
}

# Nobody logs in with this key. Hetzner mails a root password for every server that is made without one, and takes
# a key only once per project: so it gets the one that differs per environment. People's keys are in cloud-init.
resource "hcloud_ssh_key" "host" {
  count = var.ssh_host_public_key == "" ? 0 : 1

  name       = "${local.server_name}-host"
  public_key = var.ssh_host_public_key
  labels     = local.labels
}

resource "hcloud_server" "server" {
  name         = local.server_name
  server_type  = var.server_type
  image        = "debian-13" # supported to 2028, long-term support to 2030; Debian 12 has had its last regular update in 2026
  location     = var.region
  firewall_ids = [hcloud_firewall.server.id]
  ssh_keys     = hcloud_ssh_key.host[*].id
  backups      = var.backups
  labels       = local.labels

  # The state holds a hash of this text only. A plan file holds all of it, the host key too: treat it as a secret.
  user_data = module.cloud_init.user_data

  public_net {
    ipv4 = hcloud_primary_ip.address["ipv4"].id
    ipv6 = hcloud_primary_ip.address["ipv6"].id
  }

  keep_disk                = true # a larger type can be taken back
  shutdown_before_deletion = true
  delete_protection        = var.deletion_protection
  rebuild_protection       = var.deletion_protection

  lifecycle {
    # Each of these would replace a running server. Later changes reach it through scripts/apply.sh.
    ignore_changes = [image, ssh_keys, user_data]

    precondition {
      condition     = module.server_type.orderable || module.server_type.in_use
      error_message = "Hetzner does not sell the server type ${var.server_type} in ${var.region} now (sold out, withdrawn or unknown): set server_type in environments/${var.environment}.tfvars.json to ${module.server_type.advice}."
    }

    precondition {
      condition     = var.ssh_host_private_key != null || var.ssh_host_public_key == "" || module.server_type.exists
      error_message = "A new server needs the private half of keys/host/${var.environment}.pub, or no client will trust it: set TF_VAR_ssh_host_private_key."
    }
  }
}
