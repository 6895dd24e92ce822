#!/usr/bin/env bash
# Tells the application on the server where the database of the cloud is, and its password, and makes a first copy.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh

usage="Usage: bash scripts/database.sh <environment> <address>

The address is the output database_address of the infrastructure, such as 172.16.4.2:5432. The password is the one that
scripts/setup.sh left on this machine; on another one set DATABASE_PASSWORD to the one that you keep."

[[ $# == 2 && $2 =~ ^[0-9a-z.-]+:[0-9]+$ ]] || stop "$usage" 5
environment=$1 address=$2
require_environment "$environment"

secret=DATABASE_PASSWORD_$(tr '[:lower:]' '[:upper:]' <<<"$environment")
file=${XDG_STATE_HOME:-$HOME/.local/state}/$(setting "$environment" PROJECT)/secrets/infrastructure/$secret
password=${DATABASE_PASSWORD:-}
[[ -n $password || ! -f $file ]] || password=$(<"$file")
[[ -n $password ]] ||
  stop "The password is not on this machine: $file is missing. Set DATABASE_PASSWORD, or make a new one (docs/operations.md, \"The database\")." 5

printf 'postgresql://app:%s@%s/app' "$password" "$address" | bash scripts/secrets.sh "$environment" set DATABASE_URL
bash scripts/release.sh "$environment" backup ||
  stop "The server could not log in at $address and make a copy; the reason stands above. The password stays where it was."
if [[ -f $file ]]; then
  rm "$file"
  echo "The server knows it now, so $file was deleted. Who builds a new server needs it again: do you keep a copy?"
fi
