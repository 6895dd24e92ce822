# Turns a fresh Debian 13 of any cloud into a hardened Docker host at its first boot.
# Every file under files/ is copied to the server as it is, to the same path.

locals {
  folder = "${path.module}/files"
  copied = [for file in sort(fileset(local.folder, "**")) : {
    path        = "/${file}"
    content     = file("${local.folder}/${file}")
    permissions = startswith(file, "etc/sudoers.d/") ? "0440" : "0644"
  }]

  # One line per key. "restrict" takes everything away, the forced command gives the release verbs back.
  # People may release as well, under their own names. scripts/apply.sh keeps both files up to date.
  actors = merge(var.admin_keys, var.deploy_keys)
  authorized = {
    ops    = values(var.admin_keys)
    deploy = [for actor, key in local.actors : "restrict,command=\"/usr/local/sbin/release-gate ${actor}\" ${key}"]
  }
  written = [for user, lines in local.authorized : {
    path        = "/etc/ssh/authorized_keys/${user}"
    content     = join("", [for line in lines : "${line}\n"])
    permissions = "0644"
  }]

  more = [for path, content in var.more_files : { path = path, content = content, permissions = "0644" }]

  accounts = {
    hostname     = var.hostname
    disable_root = true
    ssh_pwauth   = false
    users = [
      { name = "ops", gecos = "People who run this server", lock_passwd = true, shell = "/bin/bash" },
      { name = "deploy", gecos = "Pipelines, through the release gate only", lock_passwd = true, shell = "/bin/sh" },
    ]
  }

  # The one secret in here. The image's own host keys are removed in any case.
  host_key = merge(
    { ssh_deletekeys = true, ssh_genkeytypes = ["ed25519"] },
    var.ssh_host_private_key == null ? {} : {
      ssh_keys = { ed25519_private = "${trimspace(var.ssh_host_private_key)}\n" }
    },
  )

  software = {
    package_update  = true
    package_upgrade = true
    packages = [
      "containerd.io", "curl", "docker-ce", "docker-ce-cli", "docker-compose-plugin",
      "nftables", "python3", "sudo", "unattended-upgrades",
    ]
  }

  disks = merge(
    { swap = { filename = "/swapfile", size = 2147483648 } },
    var.data_device == "" ? {} : {
      # Mounted at the first access: some clouds attach the volume after the first boot. One without any file system
      # is formatted first; systemd leaves everything else alone.
      mounts = [[var.data_device, "/srv/data", "ext4", "defaults,discard,nofail,x-systemd.automount,x-systemd.makefs", "0", "2"]]
    },
  )

  commands = {
    runcmd = concat([
      ["systemd-tmpfiles", "--create", "/etc/tmpfiles.d/application.conf"],
      ["sysctl", "--load", "/etc/sysctl.d/60-server.conf"],
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "host-firewall.service"],
      ["systemctl", "restart", "systemd-journald.service", "apt-daily-upgrade.timer"],
      ["systemctl", "reload-or-restart", "ssh.service"],
      # Some clouds give root a password and mail it: this takes it away.
      ["passwd", "--lock", "root"],
      "chage --lastday \"$(date +%F)\" root",
    ], var.last_commands)
  }
}
