#!/usr/bin/env bash
# Looks for passwords in the history and for known holes in dependencies and image; the same on a laptop and in CI.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/tools.sh
source scripts/tools.sh
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh

usage="Usage: bash scripts/security.sh <what>

  secrets        passwords and keys anywhere in the git history; accept a false alarm in .gitleaksignore
  dependencies   known holes in the packages that the lock files name; accept one in .trivyignore
  image          known holes in the image, its operating system included"

secrets() {
  tool gitleaks --docker --network none \
    --env GIT_CONFIG_COUNT=1 --env GIT_CONFIG_KEY_0=safe.directory --env GIT_CONFIG_VALUE_0="$PWD" -- \
    git --no-banner --redact --verbose . ||
    stop "Something that looks like a secret is in the history. Make it worthless first (revoke it), then remove it."
}

# Reports what is severe and has a fix: the rest is nothing that a team can act on.
scan() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/trivy
  mkdir -p "$cache"
  export TRIVY_CACHE_DIR=$cache TRIVY_DISABLE_TELEMETRY=true TRIVY_SKIP_VERSION_CHECK=true
  tool trivy --docker --volume "$cache:$cache" --volume "$scratch:$scratch:ro" \
    --env TRIVY_CACHE_DIR --env TRIVY_DISABLE_TELEMETRY --env TRIVY_SKIP_VERSION_CHECK -- \
    "$@" --scanners vuln --severity HIGH,CRITICAL --ignore-unfixed --exit-code 1 --no-progress
}

dependencies() {
  scan filesystem . || stop "There are known holes with a fix: raise those versions."
}

image() {
  docker build --quiet --pull --tag application:security . </dev/null
  docker save --output "$scratch/image.tar" application:security
  chmod 644 "$scratch/image.tar"
  scan image --input "$scratch/image.tar" || stop "There are known holes with a fix: raise those versions, or the base image."
}

[[ ${1:-} =~ ^(secrets|dependencies|image)$ ]] || stop "$usage"
is_here trivy || stop "Docker is needed and does not answer: install and start it."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$1"
