#!/usr/bin/env bash
# Brings server/ and monitoring/ of this repository to the server of an environment, with your own key.
# Does nothing when the server has them already; a mistake is found before anything changes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

environment=${1:-}
require_environment "$environment"

package=$(mktemp -d)
trap 'rm -rf "$package"' EXIT
cp -R server monitoring "$package"
{
  cat "server/environments/$environment.env"
  echo "IMAGE_REPOSITORY=$(image_repository)"
} >"$package/settings.env"

# `cloud-init status --wait`: a server that is minutes old is still installing Docker.
# shellcheck disable=SC2016 # expanded on the server
tar -C "$package" -czf - . | (connect ops "$environment" '
  set -e
  cloud-init status --wait >/dev/null 2>&1 || true
  folder=$(mktemp -d)
  trap "sudo rm -rf $folder" EXIT
  tar -C "$folder" -xzf - --no-same-owner
  sudo python3 -I "$folder/server/apply" "$folder"
')
