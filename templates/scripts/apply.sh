#!/usr/bin/env bash
# Brings server/, monitoring/ and the public keys of this repository to the server of an environment, with your own
# key. Does nothing when the server has them already; a mistake is found before anything changes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh

[[ $# == 1 ]] || stop "Usage: bash scripts/apply.sh <environment>" 5
environment=$1
require_environment "$environment"

package=$(mktemp -d)
trap 'rm -rf "$package"' EXIT
cp -R server monitoring terraform/keys "$package"
{
  cat "server/environments/$environment.env"
  echo "IMAGE_REPOSITORY=$(image_repository)"
} >"$package/settings.env"

# A server that is minutes old is still installing Docker. Without the variable a Mac would add files of its own.
# shellcheck disable=SC2016 # expanded on the server
COPYFILE_DISABLE=1 tar -C "$package" -czf - . | (connect ops "$environment" '
  set -e
  cloud-init status --wait >/dev/null 2>&1 || true
  folder=$(mktemp -d)
  trap "sudo rm -rf $folder" EXIT
  tar -C "$folder" -xzf - --no-same-owner
  sudo python3 -IB "$folder/server/apply" "$folder"
')
