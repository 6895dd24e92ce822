#!/usr/bin/env bash
# What the pipelines do at GitLab besides their work: the image, what one job hands to the next, an issue.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh
# shellcheck source-path=SCRIPTDIR/.. source=scripts/host_key.sh
source scripts/host_key.sh

usage="Usage: bash scripts/gitlab.sh <build or template>
       bash scripts/gitlab.sh <verb> <environment>

  build    build the image, push it; BUILT_IMAGE in build.env is its name with its digest
  serving  what an environment runs, for the job that promotes it: PROMOTED_IMAGE in promote.env
  report   what serves now; ADDRESS in report.env is the link of the deployment
  plan     plan the infrastructure; plan-<environment>.json is what a merge request shows of it. On main: make the
           bucket for the state unless it is there, and seal the plan for the job that applies it
  drift    compare the cloud with the files; open, update or close the one issue about it
  template look for a newer template; open, update or close the one issue about it

Needs what every job at GitLab has (CI_...) and what the called scripts need."

# ---- releases ----------------------------------------------------------------------------------------------------

# Provenance says from which commit and how the image was built; the SBOM lists what is in it.
build() {
  local scratch digest label told labels=()
  told=$(python3 scripts/schema.py labels)
  while read -r label; do
    [[ -z $label ]] || labels+=(--label "$label")
  done <<<"$told"
  scratch=$(mktemp -d)
  docker login --username "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY" <<<"$CI_REGISTRY_PASSWORD"
  docker buildx build --push --tag "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" \
    --label "org.opencontainers.image.source=$CI_PROJECT_URL" \
    --label "org.opencontainers.image.revision=$CI_COMMIT_SHA" ${labels[@]+"${labels[@]}"} \
    --provenance=mode=max --sbom=true --metadata-file "$scratch/metadata.json" . </dev/null
  digest=$(sed -n 's/.*"containerimage.digest": *"\(sha256:[0-9a-f]*\)".*/\1/p' "$scratch/metadata.json")
  rm -r "$scratch"
  [[ -n $digest ]] || stop "The image was pushed, but its digest was not told."
  echo "BUILT_IMAGE=$CI_REGISTRY_IMAGE@$digest" | tee build.env
}

serving() {
  local image
  image=$(bash scripts/release.sh "$environment" status --json | sed -n 's/.*"image": *"\([^"]*\)".*/\1/p')
  [[ -n $image ]] || stop "The environment $environment runs no release yet: push to main first."
  echo "PROMOTED_IMAGE=$image" | tee promote.env
}

report() {
  local address
  address=https://$(setting "$environment" DOMAIN)
  echo "ADDRESS=$address" >report.env
  echo "$environment: $address"
  bash scripts/release.sh "$environment" status || echo "The server did not answer."
}

# ---- infrastructure ----------------------------------------------------------------------------------------------

plan() {
  local told
  if [[ -n ${CI_MERGE_REQUEST_IID:-} ]]; then
    use_any_host_key
  else
    bash scripts/infrastructure.sh "$environment" bootstrap
    read_host_key
    use_own_host_key "$environment" "GitLab, Settings, CI/CD, Variables, environment infrastructure"
  fi
  bash scripts/infrastructure.sh "$environment" init
  told=$(bash scripts/infrastructure.sh "$environment" plan)
  echo "$told"
  printf '{"create": %d, "update": %d, "delete": %d}\n' \
    "$(steps 'create|replace' "$told")" "$(steps change "$told")" "$(steps 'delete|replace' "$told")" \
    >"plan-$environment.json"
  [[ -n ${CI_MERGE_REQUEST_IID:-} ]] || bash scripts/plan_file.sh "$environment" seal
}

steps() {
  grep -cE "^- ($1) " <<<"$2" || true
}

# GitLab hands a key over as the name of a file that holds it.
read_host_key() {
  local name
  name=SSH_HOST_KEY_$(tr '[:lower:]' '[:upper:]' <<<"$environment")
  [[ ! -f ${!name:-} ]] || printf -v "$name" '%s' "$(<"${!name}")"
}

drift() {
  local told code=0
  use_any_host_key
  bash scripts/infrastructure.sh "$environment" init
  told=$(bash scripts/infrastructure.sh "$environment" drift) || code=$?
  keep_issue "$code" "The infrastructure of $environment is not what its files say" "$told" 1 \
    "Somebody changed the cloud by hand, or the last plan was not applied. Write the change into terraform/, or run the
pipeline infrastructure to undo it."
}

# ---- template ----------------------------------------------------------------------------------------------------

# A newer template is no failure: where no issue can say so, the job ends with 2, which the pipeline shows as a warning.
template() {
  local told code=0
  told=$(bash scripts/template.sh status) || code=$?
  keep_issue "$code" "There is a newer template" "$told" 2 ""
}

# ---- one issue about a thing -------------------------------------------------------------------------------------

# keep_issue <code> <title> <what was found> <exit code without a token> <what to do>: 2 means that there is something to
# tell, 0 that there is nothing, and anything else that nobody knows.
keep_issue() {
  local code=$1 title=$2 told=$3 number
  echo "$told"
  [[ $code == 0 || $code == 2 ]] || exit 1
  if [[ -z ${ISSUES_TOKEN:-} ]]; then
    [[ $code == 0 ]] || stop "$title. To get an issue about it, store a token as docs/operations.md says, \"The infrastructure\"." "$4"
    return
  fi

  number=$(open_issue "$title")
  told+="

${5:+$5 }This text is renewed every week; the issue closes by itself."
  case $code:$number in
    0:) ;;
    0:*) issues "/$number" --request PUT --data-urlencode state_event=close >/dev/null ;;
    2:) issues "" --data-urlencode "title=$title" --data-urlencode "description=$told" >/dev/null ;;
    2:*) issues "/$number" --request PUT --data-urlencode "description=$told" >/dev/null ;;
  esac
}

# The number of the open issue with exactly this title, if there is one.
open_issue() {
  issues "" --get --data-urlencode state=opened --data-urlencode in=title --data-urlencode "search=$1" |
    python3 -Ic 'import json, sys; print(*[i["iid"] for i in json.load(sys.stdin) if i["title"] == sys.argv[1]][:1])' "$1"
}

# issues <path> <options of curl...>: the token goes by standard input, an argument could be seen.
issues() {
  local path=$1
  shift
  curl --silent --show-error --fail --max-time 60 --config - "$@" "$CI_API_V4_URL/projects/$CI_PROJECT_ID/issues$path" \
    <<<"header = \"PRIVATE-TOKEN: $ISSUES_TOKEN\""
}

[[ ($# == 1 && $1 =~ ^(build|template)$) || ($# == 2 && $1 =~ ^(serving|report|plan|drift)$) ]] || stop "$usage"
[[ $1 =~ ^(build|template)$ ]] || require_environment "$2"
environment=${2:-}
"$1"
