#!/usr/bin/env bash
# Starts sshd of the stand-in server. Its paths lie under RELEASE_ROOT, which this machine's Docker knows by the same name.
set -euo pipefail

# What a terminal-less sudo of Debian 13 does, and Debian 12's only when it is told.
printf 'Defaults use_pty\nDefaults env_keep += "RELEASE_ROOT"\n' >/etc/sudoers.d/90-test
# Its keys lie under /tmp, which everybody may write to: sshd would not trust them.
printf 'SetEnv RELEASE_ROOT=%s\nStrictModes no\n' "$RELEASE_ROOT" >/etc/ssh/sshd_config.d/90-test.conf

mkdir -p "$RELEASE_ROOT"/{usr/local/bin,usr/local/sbin,etc/ssh/authorized_keys}
ln -s "$RELEASE_ROOT/etc/ssh/authorized_keys" /etc/ssh/authorized_keys
ln -s "$RELEASE_ROOT/usr/local/bin/release" /usr/local/bin/release
for name in release-gate server-secrets; do
  ln -s "$RELEASE_ROOT/usr/local/sbin/$name" "/usr/local/sbin/$name"
done
install -m 0600 "$RELEASE_ROOT/host_key" /etc/ssh/ssh_host_ed25519_key
exec /usr/sbin/sshd -D -e -p "$SSH_PORT" -o ListenAddress=127.0.0.1
