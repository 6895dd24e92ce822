#!/usr/bin/env bash
# Takes a saved plan from one job of the pipeline to the next, encrypted: a plan holds secrets, an artifact is read by
# everybody who can read the repository.
set -euo pipefail
umask 077
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh

usage="Usage: bash scripts/plan_file.sh <environment> seal|open      (PLAN_KEY holds the password)"

# The password goes through a file descriptor: arguments can be seen by other processes.
encrypt() {
  gpg --batch --yes --quiet --no-symkey-cache --pinentry-mode loopback --passphrase-fd 3 "$@" 3<<<"$PLAN_KEY"
}

# The lock file goes along: the plan can only be applied with the very providers that it was made with.
seal() {
  [[ -f $plan ]] || stop "There is no plan. Run: bash scripts/infrastructure.sh $environment plan"
  tar --create "$plan" .terraform.lock.hcl | encrypt --symmetric --cipher-algo AES256 --output "$plan.gpg"
  rm "$plan"
}

open() {
  [[ -f $plan.gpg ]] || stop "There is no sealed plan terraform/$plan.gpg."
  encrypt --decrypt "$plan.gpg" | tar --extract || stop "The plan could not be opened: PLAN_KEY is not the one it was sealed with."
  rm "$plan.gpg"
}

[[ $# == 2 && $2 =~ ^(seal|open)$ ]] || stop "$usage"
require_environment "$1"
[[ -n ${PLAN_KEY:-} ]] || stop "PLAN_KEY is empty. Run: bash scripts/setup.sh"
environment=$1 plan=$1.tfplan
cd terraform
"$2"
