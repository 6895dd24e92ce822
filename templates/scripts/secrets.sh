#!/usr/bin/env bash
# Secrets that only the server knows: environment variables of the application, and those that the monitoring needs.
# Values travel by standard input only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh

usage="Usage: bash scripts/secrets.sh <environment> <verb>

  set <NAME>      reads the value from standard input, or asks for it
  remove <NAME>
  list            the names, never the values

Names are environment variables of the application, except
  smtp_password   of the mail server that takes the alerts
  heartbeat_url   of the service that notices when the monitoring itself is silent
  alert_url       where alerts go besides the mail, if monitoring/alertmanager/alertmanager.yml names it
  alert_key       the same, for PagerDuty"

[[ $# -ge 2 ]] || stop "$usage" 5
environment=$1 verb=$2 name=${3:-}
require_environment "$environment"
[[ $verb == list || $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || stop "$usage" 5

ask_for_value() {
  if [[ -t 0 ]]; then
    read -rsp "Value of $name (not shown): " value || true
    echo >&2
  else
    value=$(cat && echo .) # command substitution takes line ends away, and the value may need them
    value=${value%.}
  fi
  [[ -n $value ]] || stop "Nothing was entered: $name stays as it is. To take it away: secrets.sh $environment remove $name"
}

case $verb in
  set)
    ask_for_value
    printf '%s' "$value" | connect ops "$environment" "sudo /usr/local/sbin/server-secrets set $name"
    ;;
  remove) connect ops "$environment" "sudo /usr/local/sbin/server-secrets remove $name" </dev/null ;;
  list)
    connect ops "$environment" "sudo /usr/local/sbin/server-secrets list" </dev/null
    exit
    ;;
  *) stop "$usage" 5 ;;
esac
case $name in
  smtp_password | heartbeat_url | alert_url | alert_key) echo "In force with the next message." ;;
  *) echo "In force with the next release, or now: bash scripts/release.sh $environment deploy current" ;;
esac
