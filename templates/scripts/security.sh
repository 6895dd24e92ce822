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

# What could not be done at all is no finding: 125 is Docker's word, and trivy says why it has no list of holes.
told() {
  local code=$1 finding=$2
  case $code in
    0) ;;
    1) stop "$finding" ;;
    *) stop "This could not be checked; the reason stands above. Nothing is known about it." 2 ;;
  esac
}

secrets() {
  local code=0
  tool gitleaks --docker --network none \
    --env GIT_CONFIG_COUNT=1 --env GIT_CONFIG_KEY_0=safe.directory --env GIT_CONFIG_VALUE_0="$PWD" -- \
    git --no-banner --redact --verbose --exit-code 1 . || code=$?
  told "$code" "Something that looks like a secret is in the history. Make it worthless first (revoke it), then remove it."
}

# Reports what is severe and has a fix: the rest is nothing that a team can act on.
scan() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/trivy
  mkdir -p "$cache"
  export TRIVY_CACHE_DIR=$cache TRIVY_DISABLE_TELEMETRY=true TRIVY_SKIP_VERSION_CHECK=true
  tool trivy --docker --volume "$cache:$cache" --volume "$scratch:$scratch:ro" \
    --env TRIVY_CACHE_DIR --env TRIVY_DISABLE_TELEMETRY --env TRIVY_SKIP_VERSION_CHECK -- \
    "$@" --scanners vuln --severity HIGH,CRITICAL --ignore-unfixed --exit-code 3 --no-progress
}

# Trivy's own failures end with 1, its findings with 3.
scanned() {
  local code=0 finding=$1
  shift
  scan "$@" || code=$?
  case $code in
    1) code=2 ;;
    3) code=1 ;;
  esac
  told "$code" "$finding"
}

dependencies() {
  scanned "There are known holes with a fix: raise those versions." filesystem .
}

image() {
  docker build --quiet --pull --tag application:security . </dev/null
  docker save --output "$scratch/image.tar" application:security
  chmod 644 "$scratch/image.tar"
  scanned "There are known holes with a fix: raise those versions, or the base image." \
    image --input "$scratch/image.tar"
}

[[ ${1:-} =~ ^(secrets|dependencies|image)$ ]] || stop "$usage"
is_here trivy || stop "Docker is needed and does not answer: install and start it."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$1"
