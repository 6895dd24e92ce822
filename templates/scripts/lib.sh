#!/usr/bin/env bash
# What several scripts share: how to stop, what is set for an environment, how to reach its server.

stop() {
  echo "$1" >&2
  exit "${2:-1}"
}

# Stops unless there is such an environment.
require_environment() {
  [[ ${1:-} =~ ^[a-z]+$ && -f server/environments/$1.env ]] ||
    stop "There is no environment ${1:-(none named)}: server/environments has no ${1:-}.env." 5
}

# setting production DOMAIN
setting() {
  sed -n "s/^$2=//p" "server/environments/$1.env"
}

# connect deploy production status: runs a command on the server of an environment, as deploy or as ops.
# The server must hold the host key that is committed here; nothing is trusted at first sight.
connect() {
  local user=$1 environment=$2 scratch options
  shift 2
  [[ -f terraform/keys/host/$environment.pub ]] ||
    stop "terraform/keys/host/$environment.pub is missing: docs/first-day.md says how it is made." 5
  scratch=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder's name is known now
  trap "rm -rf '$scratch'" EXIT
  echo "$environment $(cat "terraform/keys/host/$environment.pub")" >"$scratch/known_hosts"
  options=(
    -F none "${terminal:--T}" -p "${DEPLOY_PORT:-22}"
    -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15
    -o "HostKeyAlias=$environment" -o "UserKnownHostsFile=$scratch/known_hosts"
    -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes -o LogLevel=ERROR
  )
  if [[ $user == deploy && -n ${DEPLOY_SSH_KEY:-} ]]; then
    # It is the key itself, or the name of a file that holds the key.
    [[ ! -f $DEPLOY_SSH_KEY ]] || DEPLOY_SSH_KEY=$(<"$DEPLOY_SSH_KEY")
    (umask 077 && printf '%s\n' "$DEPLOY_SSH_KEY" >"$scratch/key")
    options+=(-i "$scratch/key" -o IdentitiesOnly=yes)
  fi
  local code=0
  # shellcheck disable=SC2029 # the words are meant to be complete before they reach the server
  ssh "${options[@]}" "$user@${DEPLOY_HOST:-$(setting "$environment" DOMAIN)}" "$@" || code=$?
  [[ $code != 255 ]] ||
    stop "The server of $environment could not be reached as $user; the reason stands above." 255
  return "$code"
}
