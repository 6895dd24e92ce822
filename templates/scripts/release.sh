#!/usr/bin/env bash
# Releases, and goes back: hands one verb to the release tool on the server. The same from a laptop and a pipeline.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

usage="Usage: bash scripts/release.sh <environment> <verb>

  deploy <image@sha256:...>   verify it beside what serves, switch, watch it, go back by itself if it is bad
  deploy current              the same image with the settings and secrets of now
  rollback [release]          back to the release before, or to a named one; needs no build and no registry
  status [--json]             what serves
  history [--json]            every release so far
  maintenance on|off          answer every request with 503, and stop doing so

Exit code: 0 done, 1 nothing changed, 3 went back by itself, 4 somebody else is releasing, 5 refused."

[[ $# -ge 2 ]] || stop "$usage" 5
environment=$1
shift
require_environment "$environment"

# The pipeline's own token lets the server pull a private image once. It travels by standard input only.
if [[ $1 == deploy && -n ${REGISTRY_TOKEN:-} ]]; then
  printf '%s\n' "${REGISTRY_USER:-token}" "$REGISTRY_TOKEN" | connect deploy "$environment" "$@" --login
else
  connect deploy "$environment" "$@" </dev/null
fi
