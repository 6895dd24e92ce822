#!/usr/bin/env bash
# What the pipelines do at GitHub besides their work: a comment on a pull request, an issue, the summary of a run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh
# shellcheck source-path=SCRIPTDIR/.. source=scripts/host_key.sh
source scripts/host_key.sh

usage="Usage: bash scripts/github.sh <verb> <environment>
       bash scripts/github.sh template

  plan     plan the infrastructure; the summary goes into the run and, with PULL_REQUEST, into one comment on it
  drift    compare the cloud with the files; open, update or close the one issue about it
  report   what serves now, into the summary of the run and the link of the deployment
  template look for a newer template; with TEMPLATE_TOKEN open the one pull request that brings it. Without, or when
           that cannot be: open, update or close the one issue about it

Needs what every job at GitHub has (gh, GH_TOKEN, GITHUB_REPOSITORY) and what the called scripts need."

summary=${GITHUB_STEP_SUMMARY:-/dev/null}

# ---- infrastructure ----------------------------------------------------------------------------------------------

plan() {
  local told
  if [[ -n ${PULL_REQUEST:-} ]]; then
    use_any_host_key
  else
    use_own_host_key "$environment" "GitHub, Settings, Environments, infrastructure"
  fi
  bash scripts/infrastructure.sh "$environment" init
  told=$(bash scripts/infrastructure.sh "$environment" plan)
  echo "$told" | tee -a "$summary"
  [[ -z ${PULL_REQUEST:-} ]] || comment "$PULL_REQUEST" "Infrastructure of $environment" "$told"
}

comment() {
  local number=$1 title=$2 text comments id
  text=$(printf '<!-- %s -->\n### %s\n\n%s' "$title" "$title" "$3")
  comments=repos/$GITHUB_REPOSITORY/issues/$number/comments
  id=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"<!-- $title -->\")) | .id" | sed -n 1p)
  if [[ -n $id ]]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --raw-field body="$text"
  else
    gh api --silent --method POST "$comments" --raw-field body="$text"
  fi
}

drift() {
  local told code=0
  use_any_host_key
  bash scripts/infrastructure.sh "$environment" init
  told=$(bash scripts/infrastructure.sh "$environment" drift) || code=$?
  keep_issue "$code" "The infrastructure of $environment is not what its files say" "$told" "It is again." \
    "Somebody changed the cloud by hand, or the last plan was not applied. Write the change into terraform/, or start the
workflow Infrastructure to undo it."
}

# ---- template ----------------------------------------------------------------------------------------------------

template() {
  local told code=0 word="It is here." version log
  told=$(bash scripts/template.sh status) || code=$?
  if [[ $code == 2 && -n ${TEMPLATE_TOKEN:-} ]]; then
    version=$(sed -nE 's/^The template (.+) is there; .*/\1/p' <<<"$told")
    log=$(mktemp)
    if word=$(bash scripts/template_request.sh "$version" 2>"$log"); then
      told+=$'\n'$word code=0
    else
      told+=$'\n\nNo pull request brings it:\n```\n'$(tail -n 20 "$log")$'\n```'
    fi
    cat "$log" >&2
    rm "$log"
  fi
  keep_issue "$code" "There is a newer template" "$told" "$word" ""
}

# ---- one issue about a thing -------------------------------------------------------------------------------------

# keep_issue <code> <title> <what was found> <word at the end> <what to do>: 2 means that there is something to tell, 0
# that there is nothing, and anything else that nobody knows.
keep_issue() {
  local code=$1 title=$2 told=$3 number
  echo "$told" | tee -a "$summary"
  [[ $code == 0 || $code == 2 ]] || exit 1

  export GH_REPO=$GITHUB_REPOSITORY
  number=$(gh issue list --state open --limit 1000 --json number,title \
    --jq ".[] | select(.title == \"$title\") | .number" | sed -n 1p)
  told+="

${5:+$5 }This text is renewed every week; the issue closes by itself."
  case $code:$number in
    0:) ;;
    0:*) gh issue close "$number" --comment "$4" ;;
    2:) gh issue create --title "$title" --body "$told" ;;
    2:*) gh issue edit "$number" --body "$told" ;;
  esac
}

# ---- releases ----------------------------------------------------------------------------------------------------

report() {
  local address
  address=https://$(setting "$environment" DOMAIN)
  echo "url=$address" >>"${GITHUB_OUTPUT:-/dev/null}"
  {
    echo "### $environment: $address"
    echo '```'
    bash scripts/release.sh "$environment" status || echo "The server did not answer."
    echo '```'
  } | tee -a "$summary"
}

[[ ($# == 1 && $1 == template) || ($# == 2 && $1 =~ ^(plan|drift|report)$) ]] || stop "$usage"
[[ $1 == template ]] || require_environment "$2"
environment=${2:-}
"$1"
