#!/usr/bin/env bash
# Settings and secrets of the application: environment variables that only the server knows. Values travel by
# standard input and are in force with the next release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

usage="Usage: bash scripts/secrets.sh <environment> <verb>

  set <NAME>      reads the value from standard input, or asks for it
  remove <NAME>
  list            the names, never the values"

[[ $# -ge 2 ]] || stop "$usage" 5
environment=$1 verb=$2 name=${3:-}
require_environment "$environment"
[[ $verb == list || $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || stop "$usage" 5

case $verb in
  set)
    if [[ -t 0 ]]; then
      read -rsp "Value of $name (not shown): " value
      echo
      printf '%s' "$value"
    else
      cat
    fi | connect ops "$environment" "sudo /usr/local/sbin/application-secrets set $name"
    ;;
  remove | list) connect ops "$environment" "sudo /usr/local/sbin/application-secrets $verb $name" </dev/null ;;
  *) stop "$usage" 5 ;;
esac
[[ $verb == list ]] || echo "In force with the next release, or now: bash scripts/release.sh $environment deploy current"
