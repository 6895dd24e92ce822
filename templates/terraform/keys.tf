# Reads the public keys under keys/ (see the README there).

locals {
  keys_folder = "${path.module}/${var.keys_folder}"

  admin_keys = {
    for file in fileset("${local.keys_folder}/admin", "*.pub") :
    trimsuffix(file, ".pub") => trimspace(file("${local.keys_folder}/admin/${file}"))
  }

  # A key in keys/deploy may release everywhere, one in keys/deploy/staging in staging only.
  deploy_keys = {
    for file in setunion(
      fileset(local.keys_folder, "deploy/*.pub"),
      fileset(local.keys_folder, "deploy/${var.environment}/*.pub"),
    ) : trimsuffix(basename(file), ".pub") => trimspace(file("${local.keys_folder}/${file}"))
  }

  ssh_host_key_file   = "${local.keys_folder}/host/${var.environment}.pub"
  ssh_host_public_key = fileexists(local.ssh_host_key_file) ? trimspace(file(local.ssh_host_key_file)) : ""
}
