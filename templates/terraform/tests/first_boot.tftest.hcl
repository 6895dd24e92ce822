# What the server is told at its first boot: who may log in, with what rights, and nothing secret but the host key.

variables {
  hostname    = "shop-production"
  admin_keys  = { ada = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyOfAda ada@example.com" }
  deploy_keys = { github = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyOfGitHub" }
}

run "ties_every_key_of_deploy_to_the_release_gate" {
  module {
    source = "./cloud-init"
  }
  assert {
    condition = one([for file in yamldecode(output.user_data).write_files : file.content if file.path == "/etc/ssh/authorized_keys/deploy"]) == join("", [
      "restrict,command=\"/usr/local/sbin/release-gate ada\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyOfAda ada@example.com\n",
      "restrict,command=\"/usr/local/sbin/release-gate github\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyOfGitHub\n",
    ])
    error_message = "Every key of deploy must be tied to the release gate with its owner's name."
  }
  assert {
    condition     = !can(regex("groups?", join(" ", flatten([for user in yamldecode(output.user_data).users : keys(user)]))))
    error_message = "No user may be in another group: the group docker is as good as root."
  }
}

run "makes_no_host_key_of_its_own_when_it_has_one" {
  module {
    source = "./cloud-init"
  }
  variables {
    ssh_host_private_key = "  the key\n\n"
  }
  assert {
    condition     = yamldecode(output.user_data).ssh_keys == { ed25519_private = "the key\n" }
    error_message = "The host key must arrive with exactly one line break at its end."
  }
}

run "fits_into_what_clouds_take" {
  module {
    source = "./cloud-init"
  }
  assert {
    condition     = length(output.user_data) < 32768
    error_message = "User data must stay below 32 KiB."
  }
}

run "refuses_to_lock_everybody_out" {
  command = plan
  module {
    source = "./cloud-init"
  }
  variables {
    admin_keys = {}
  }
  expect_failures = [var.admin_keys]
}

run "refuses_a_private_key_among_the_public_ones" {
  command = plan
  module {
    source = "./cloud-init"
  }
  variables {
    admin_keys = { ada = "-----BEGIN OPENSSH PRIVATE KEY-----" }
  }
  expect_failures = [var.admin_keys]
}

run "refuses_an_actor_that_could_say_more_than_a_name" {
  command = plan
  module {
    source = "./cloud-init"
  }
  variables {
    deploy_keys = { "x\" no-restrict" = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyOfGitHub" }
  }
  expect_failures = [var.deploy_keys]
}

run "refuses_two_keys_in_one_file" {
  command = plan
  module {
    source = "./cloud-init"
  }
  variables {
    deploy_keys = { github = "ssh-ed25519 AAAA one\nssh-ed25519 AAAA two" }
  }
  expect_failures = [var.deploy_keys]
}
