# What a cloud hands to its new server.

output "user_data" {
  description = "cloud-init configuration of the server"
  value = join("\n", ["#cloud-config", yamlencode(merge(
    local.accounts, local.host_key, local.software, local.disks, local.commands,
    { write_files = concat(local.copied, local.written, local.more) },
  ))])
  sensitive = true
}
