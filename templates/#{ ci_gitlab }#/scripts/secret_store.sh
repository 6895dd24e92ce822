#!/usr/bin/env bash
# Where the pipelines find their secrets: in the CI/CD variables of the project at GitLab, each for one environment.
# Read by setup.sh.

# shellcheck disable=SC2034 # setup.sh reads them; every plan of GitLab keeps secrets per environment
forge=GitLab forge_tool=glab actor=gitlab-ci shared_secrets=""
weekly="Weekly: drift and known holes"
add_schedule="GitLab, Build, Pipeline schedules, New schedule: $weekly, for main, 17 4 * * 1."
allow_variables="GitLab, Settings, CI/CD, Variables, Minimum role to use pipeline variables: Developer. Nobody can start a rollback at GitLab before."

# Sets `remote` to the project at GitLab, or leaves it empty when only a person can reach it.
find_store() {
  local branch
  remote=""
  if ! type -P glab >/dev/null; then
    echo "NOTE    glab is not installed (https://gitlab.com/gitlab-org/cli). Keys are made, and you are told what to enter at GitLab."
    todo "$allow_variables"
    todo "$add_schedule"
    return
  fi
  glab auth status &>/dev/null || stop "glab is not logged in. Type: glab auth login"
  project=$(glab api projects/:id 2>/dev/null) ||
    stop "This repository is not at GitLab yet. Type: glab repo create --private && git push --set-upstream --push-option ci.skip origin main"
  remote=$(field path_with_namespace "$project")
  branch=$(field default_branch "$project")
  [[ -z $branch || $branch == main ]] ||
    todo "The runbooks that alerts link are looked for on the branch main, yours is called $branch. Rename it: GitLab, Settings, Repository, Branch defaults."
}

# field <name> <JSON>: the first text of that name, or nothing.
field() {
  grep -oE "\"$1\" *: *\"[^\"]*\"" <<<"$2" | sed -n '1s/.*"\([^"]*\)"$/\1/p' || true
}

# Only a maintainer may see the variables.
is_administrator() {
  glab api "projects/:id/variables?per_page=1" &>/dev/null
}

own_login() {
  field username "$(glab api user)"
}

# by_hand <environments> <secret> <what>: how a person enters a secret.
by_hand() {
  local environment places=""
  for environment in $1; do
    places+="${places:+, and again for }$environment ($(traits "$environment" "$2"))"
  done
  echo "GitLab, Settings, CI/CD, Variables, Add variable for the environment $places: $2 = $3"
}

# from_pipe <environment> <secret>: the command that stores what it reads.
from_pipe() {
  echo "glab variable set $2 --scope $1$(options "$1" "$2")"
}

# A key has several lines, which GitLab cannot hide in a log: it becomes a file, of which a log can show the name only.
# What may change something is protected: pipelines of protected branches get it, those of merge requests do not.
traits() {
  case $2 in
    *SSH*) printf 'type File' ;;
    *) printf 'masked, not expanded' ;;
  esac
  [[ $1 == infrastructure-plan ]] || printf ', protected'
}

options() {
  case $2 in
    *SSH*) printf ' --type file' ;;
    *) printf ' --masked --raw' ;;
  esac
  [[ $1 == infrastructure-plan ]] || printf ' --protected'
}

# Environments come into being by themselves. What a project needs once: a protected main, pipelines that can be told
# what to do, the weekly one, and an order of releases.
prepare_store() {
  local environment
  if [[ -z $(field default_branch "$project") ]]; then
    todo "There is no branch main yet. Type: git push --set-upstream --push-option ci.skip origin main, then run this again."
    return
  fi
  glab api projects/:id/protected_branches/main &>/dev/null ||
    todo "GitLab, Settings, Repository, Protected branches: add main. Its pipelines get no secrets before."
  if [[ $(field ci_pipeline_variables_minimum_override_role "$project") == no_one_allowed ]]; then
    if glab api --method PUT projects/:id \
      --raw-field ci_pipeline_variables_minimum_override_role=developer >/dev/null; then
      made "right of developers to start a pipeline with variables, such as a rollback"
    else
      todo "$allow_variables"
    fi
  fi
  ensure_schedule
  for environment in "$@"; do
    ensure_order "$environment"
  done
}

ensure_schedule() {
  if glab api projects/:id/pipeline_schedules | grep -qE "\"description\" *: *\"$weekly\""; then
    there "schedule \"$weekly\" at GitLab"
  elif glab api --method POST projects/:id/pipeline_schedules --raw-field "description=$weekly" --raw-field ref=main \
    --raw-field "cron=17 4 * * 1" --raw-field cron_timezone=UTC >/dev/null; then
    made "schedule \"$weekly\" at GitLab"
  else
    todo "$add_schedule"
  fi
}

# Releases to an environment never overlap; by itself GitLab does not promise their order.
ensure_order() {
  local group=projects/:id/resource_groups/deploy-$1 known
  if ! known=$(glab api "$group" 2>/dev/null); then
    echo "NOTE    Run this again after the first pipeline: then GitLab can be told to release to $1 in the order of the pipelines."
  elif [[ $(field process_mode "$known") == oldest_first ]]; then
    there "order of releases to $1"
  elif glab api --method PUT "$group" --raw-field process_mode=oldest_first >/dev/null; then
    made "order of releases to $1"
  else
    todo "Tell GitLab the order of releases to $1: glab api --method PUT $group --raw-field process_mode=oldest_first"
  fi
}

is_stored() {
  glab api "projects/:id/variables/$2?filter%5Benvironment_scope%5D=$1" &>/dev/null
}

# Takes the secret from standard input: an argument could be seen by every process of this machine. Without the newline
# at its end, which could not be masked.
store_secret() {
  local verb=set
  ! is_stored "$1" "$2" </dev/null || verb=update
  # shellcheck disable=SC2046 # these are words
  printf '%s' "$(cat)" | glab variable "$verb" "$2" --scope "$1" $(options "$1" "$2") >/dev/null
}
