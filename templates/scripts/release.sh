#!/usr/bin/env bash
# Releases, and goes back: hands one verb to the release tool on the server. The same from a laptop and a pipeline.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh

usage="Usage: bash scripts/release.sh <environment> <verb>

  deploy <image@sha256:...>   verify it beside what serves, switch, watch it, go back by itself if it is bad
  deploy current              the same image with the settings and secrets of now
  rollback [release]          back to the release before, or to a named one; needs no build and no registry
  status [--json]             what serves
  history [--json]            every release so far
  maintenance on|off          answer every request with 503, and stop doing so

For people, with their own key:

  logs [--since 15m] [--tail N] [--follow]   what the application that serves writes
  exec <command...>                          run a command in its container
  backup                                     back up now, as every night

REASON in the environment goes into the history.
Exit code: 0 done, 1 nothing changed, 3 went back by itself, 4 somebody else is releasing, 5 refused,
255 the server could not be reached, or the connection broke (what has begun goes on there: ask status)."

[[ $# -ge 2 ]] || stop "$usage" 5
environment=$1
shift
require_environment "$environment"

# Free text and the pipeline's own token for the registry travel by standard input: an argument could be seen.
input() {
  [[ -z ${REASON:-} ]] || printf 'REASON=%s\n' "${REASON//[$'\r\n']/ }"
  [[ -z ${REGISTRY_TOKEN:-} ]] || printf 'REGISTRY_USER=%s\nREGISTRY_TOKEN=%s\n' "${REGISTRY_USER:-}" "$REGISTRY_TOKEN"
}

case $1 in
  deploy | rollback) input | connect deploy "$environment" "$@" --input ;;
  backup) connect ops "$environment" "sudo release backup" </dev/null ;;
  logs) connect ops "$environment" "sudo release$(printf ' %q' "$@")" </dev/null ;;
  exec)
    [[ ! -t 0 ]] || terminal=-t # a shell in there wants one
    connect ops "$environment" "sudo release$(printf ' %q' "$@")"
    ;;
  *) connect deploy "$environment" "$@" </dev/null ;;
esac
