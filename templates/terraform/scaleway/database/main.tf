# The database that Scaleway runs. It shares a private network with the server and has no public address.

locals {
  name = "${var.project_name}-${var.environment}"
  tags = ["project=${var.project_name}", "environment=${var.environment}", "managed-by=terraform"]
}

resource "scaleway_vpc_private_network" "server" {
  name   = local.name
  region = var.region
  tags   = local.tags
}

resource "scaleway_instance_private_nic" "server" {
  server_id          = var.server_id
  private_network_id = scaleway_vpc_private_network.server.id
  tags               = local.tags
}

resource "scaleway_rdb_instance" "database" {
  name                      = local.name
  region                    = var.region
  tags                      = local.tags
  engine                    = "PostgreSQL-17"
  node_type                 = var.type
  volume_type               = "sbs_5k"
  volume_size_in_gb         = 10 # may grow while it runs
  encryption_at_rest        = true
  disable_backup            = false
  backup_schedule_frequency = 24 # hours
  backup_schedule_retention = 14 # days; of this kind of volume each copy is a snapshot of the whole database

  private_network {
    pn_id       = scaleway_vpc_private_network.server.id
    enable_ipam = true # Scaleway chooses the address; a fixed one would not be routed
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "scaleway_rdb_database" "app" {
  instance_id = scaleway_rdb_instance.database.id
  name        = "app"

  lifecycle {
    prevent_destroy = true
  }
}

# Not the administrator: what gets into the application has no more rights than the application.
resource "scaleway_rdb_user" "app" {
  instance_id         = scaleway_rdb_instance.database.id
  name                = "app"
  is_admin            = false
  password_wo         = var.password
  password_wo_version = var.password_version
}

resource "scaleway_rdb_privilege" "app" {
  instance_id   = scaleway_rdb_instance.database.id
  database_name = scaleway_rdb_database.app.name
  user_name     = scaleway_rdb_user.app.name
  permission    = "all" # may make tables and schemas

  lifecycle {
    ignore_changes = [permission] # Scaleway calls it "custom" once there are tables that others made
  }
}
