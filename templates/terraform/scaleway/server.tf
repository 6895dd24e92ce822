# The server. Its first boot is described in ../cloud-init.

locals {
  zone        = "${var.region}-1"
  server_name = "${var.project_name}-${var.environment}"
  tags        = ["project=${var.project_name}", "environment=${var.environment}", "managed-by=terraform"]
}

module "cloud_init" {
  source = "../cloud-init"

  hostname    = local.server_name
  admin_keys  = var.admin_keys
  deploy_keys = var.deploy_keys
  data_device = var.volume_size == 0 ? "" : "/dev/disk/by-id/scsi-0SCW_sbs_volume-${reverse(split("/", scaleway_block_volume.data[0].id))[0]}"

  # Scaleway shows user data to everybody who may read servers, and Terraform keeps it in the state: a private key must
  # not be in there. So the server makes its host key itself and publishes the public half; nobody but the server's
  # root can write there. `bash scripts/infrastructure.sh <environment> host_key` reads it.
  last_commands = [[
    "curl", "--silent", "--show-error", "--fail", "--retry", "10", "--retry-connrefused", "--local-port", "1-1023",
    "--request", "PATCH", "--header", "Content-Type: text/plain",
    "--data-binary", "@/etc/ssh/ssh_host_ed25519_key.pub", "http://169.254.42.42/user_data/ssh-host-key",
  ]]
}

module "server_type" {
  source = "./server-type"

  name        = var.server_type
  zone        = local.zone
  server_name = local.server_name
  tags        = local.tags
}

resource "scaleway_instance_server" "server" {
  name              = local.server_name
  type              = var.server_type
  image             = "debian_trixie" # supported to 2028, long-term support to 2030
  zone              = local.zone
  security_group_id = scaleway_instance_security_group.server.id
  ip_ids            = [for ip in scaleway_instance_ip.address : ip.id]
  tags              = local.tags
  protected         = var.deletion_protection
  cloud_init        = module.cloud_init.user_data

  additional_volume_ids = scaleway_block_volume.data[*].id

  root_volume {
    volume_type = "sbs_volume"
    size_in_gb  = 20 # may grow while the server runs
  }

  lifecycle {
    # Scaleway reads both at the first boot only. Later changes reach the server through scripts/apply.sh.
    ignore_changes = [image, cloud_init]

    precondition {
      condition     = module.server_type.orderable || module.server_type.in_use
      error_message = "Scaleway does not sell the server type ${var.server_type} in ${local.zone} now (sold out or withdrawn): set server_type in environments/${var.environment}.tfvars.json to ${module.server_type.advice}."
    }
  }
}
