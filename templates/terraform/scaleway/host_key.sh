#!/usr/bin/env bash
# Prints the public host key that a server made at its first boot and published at Scaleway (server.tf says why).
# Called by scripts/infrastructure.sh <environment> host_key with the server's name and zone.
set -euo pipefail

name=$1 zone=$2
servers=${SCW_API_URL:-https://api.scaleway.com}/instance/v1/zones/$zone/servers

stop() {
  echo "$1" >&2
  exit 1
}

# The key goes through stdin: arguments can be seen by other processes.
ask() {
  curl --silent --show-error --fail --header @- "$servers$1" <<<"X-Auth-Token: $SCW_SECRET_KEY"
}

[[ -n ${SCW_SECRET_KEY:-} && -n ${SCW_DEFAULT_PROJECT_ID:-} ]] ||
  stop "Set SCW_SECRET_KEY and SCW_DEFAULT_PROJECT_ID; terraform/scaleway/credentials.txt says where they are made."
told=$(ask "?name=$name&project=$SCW_DEFAULT_PROJECT_ID") || stop "Scaleway did not answer; the reason stands above."
server=$(python3 -I -c '
import json, sys
print(*(server["id"] for server in json.load(sys.stdin)["servers"] if server["name"] == sys.argv[1]))
' "$name" <<<"$told")
[[ -n $server ]] || stop "There is no server $name in $zone. Build it first."

for _ in {1..60}; do
  if key=$(ask "/$server/user_data/ssh-host-key" 2>/dev/null) && [[ $key == ssh-ed25519\ * ]]; then
    cut -d ' ' -f 1-2 <<<"$key"
    exit 0
  fi
  sleep "${HOST_KEY_PAUSE:-5}"
done
stop "The server $name has not published its host key within five minutes: look at its console at Scaleway."
