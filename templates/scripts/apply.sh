#!/usr/bin/env bash
# Brings server/, monitoring/, the public keys and the hardening of the host (terraform/cloud-init/files) to the server
# of an environment, with your own key. Does nothing when the server has them already; a mistake is found before
# anything changes. With --dry-run it only says what would change.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh
# shellcheck source-path=SCRIPTDIR/.. source=scripts/repository.sh
source scripts/repository.sh

[[ $# == 1 || ($# == 2 && $2 == --dry-run) ]] || stop "Usage: bash scripts/apply.sh <environment> [--dry-run]" 5
environment=$1 dry_run=${2:-}
require_environment "$environment"

# What lies here is what the server gets: an old checkout would bring back the key of somebody who has left.
if git rev-parse --verify --quiet HEAD &>/dev/null && ! git diff --quiet HEAD -- server monitoring terraform; then
  echo "NOTE    server/, monitoring/ or terraform/ hold changes that are not committed: the server gets them, your colleagues do not." >&2
fi
if git rev-parse --verify --quiet origin/main &>/dev/null && ! git merge-base --is-ancestor origin/main HEAD; then
  echo "NOTE    This checkout lacks commits of origin/main: the server gets what is here. Stop with Ctrl-C, git pull, and apply again if that is not wanted." >&2
fi

images=$(image_repository)
pages=$(runbooks)
package=$(mktemp -d)
trap 'rm -rf "$package" "$package.tar.gz"' EXIT
cp -R server monitoring terraform/keys "$package"
cp -R terraform/cloud-init/files "$package/host" # what the first boot brought may have changed since
{
  cat "server/environments/$environment.env"
  echo "IMAGE_REPOSITORY=$images"
  echo "RUNBOOKS=$pages"
} >"$package/settings.env"

# A server that is minutes old is still installing Docker. Without the variable a Mac would add files of its own.
COPYFILE_DISABLE=1 tar -C "$package" -czf "$package.tar.gz" .
# shellcheck disable=SC2016 # expanded on the server
connect ops "$environment" "
  dry_run=$dry_run"'
  set -e
  cloud-init status --wait >/dev/null 2>&1 || true
  folder=$(mktemp -d)
  trap "sudo rm -rf $folder" EXIT
  tar -C "$folder" -xzf - --no-same-owner
  sudo python3 -IB "$folder/server/apply" "$folder" $dry_run
' <"$package.tar.gz"
