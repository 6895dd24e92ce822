# What holds for the database that Scaleway runs.

mock_provider "scaleway" {
  mock_resource "scaleway_vpc_private_network" {
    defaults = { id = "fr-par/55555555-5555-5555-5555-555555555555" }
  }
  mock_resource "scaleway_rdb_instance" {
    defaults = { id = "fr-par/66666666-6666-6666-6666-666666666666" }
  }
}

variables {
  project_name     = "shop"
  environment      = "production"
  region           = "fr-par"
  server_id        = "fr-par-1/33333333-3333-3333-3333-333333333333"
  type             = "DB-DEV-S"
  password         = "of-this-test-only-0123456789"
  password_version = 1
}

run "is_reached_on_the_private_network_only" {
  command = plan
  module {
    source = "./scaleway/database"
  }
  assert {
    condition     = one(scaleway_rdb_instance.database.private_network).enable_ipam
    error_message = "Without a private network Scaleway gives a database a public address."
  }
  assert {
    condition     = !scaleway_rdb_user.app.is_admin
    error_message = "The application must not be the administrator of the database."
  }
  assert {
    condition     = scaleway_instance_private_nic.server.server_id == var.server_id
    error_message = "The server must be on that network."
  }
}

run "is_copied_every_night_and_encrypted" {
  command = plan
  module {
    source = "./scaleway/database"
  }
  assert {
    condition     = !scaleway_rdb_instance.database.disable_backup && scaleway_rdb_instance.database.backup_schedule_frequency == 24
    error_message = "Scaleway must copy the database every day."
  }
  assert {
    condition     = scaleway_rdb_instance.database.encryption_at_rest
    error_message = "The disk of the database must be encrypted."
  }
}

run "refuses_a_type_that_cannot_be_one" {
  command = plan
  module {
    source = "./scaleway/database"
  }
  variables {
    type = "DEV1-M"
  }
  expect_failures = [var.type]
}
