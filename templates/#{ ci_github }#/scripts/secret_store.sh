#!/usr/bin/env bash
# Where the pipelines find their secrets: in the environments at GitHub. Read by setup.sh.

# shellcheck disable=SC2034 # setup.sh reads them
forge=GitHub forge_tool=gh actor=github-actions # the actor stands in the history of releases

# Sets `remote` to the repository at GitHub, or leaves it empty when only a person can reach it.
find_store() {
  local branch
  remote=""
  if ! type -P gh >/dev/null; then
    echo "NOTE    gh is not installed (https://cli.github.com). Keys are made, and you are told what to enter at GitHub."
    return
  fi
  gh auth status &>/dev/null || stop "gh is not logged in. Type: gh auth login"
  remote=$(gh repo view --json nameWithOwner --jq .nameWithOwner 2>/dev/null) ||
    stop "This repository is not at GitHub yet. Type: gh repo create --private --source . --remote origin"
  branch=$(gh repo view --json defaultBranchRef --jq '.defaultBranchRef.name // ""')
  [[ -z $branch || $branch == main ]] ||
    todo "The pipelines listen to the branch main, yours is called $branch. Type: gh api --method POST repos/$remote/branches/$branch/rename --raw-field new_name=main"
}

is_administrator() {
  [[ $(gh repo view --json viewerPermission --jq .viewerPermission) == ADMIN ]]
}

own_login() {
  gh api user --jq .login
}

# by_hand <environments> <secret> <what>: how a person enters a secret.
by_hand() {
  echo "GitHub, Settings, Environments, ${1// / and }, Add environment secret: $2 = $3"
}

# from_pipe <environment> <secret>: the command that stores what it reads.
from_pipe() {
  local place=" --env $1"
  [[ -z $shared_secrets ]] || place=""
  echo "gh secret set $2$place"
}

# On a free plan a private repository has no environments with secrets: then the repository itself holds them.
shared_secrets=""

prepare_store() {
  local environment
  ensure_environment infrastructure-plan
  ensure_environment infrastructure main
  ensure_environment template main
  for environment in "$@"; do
    ensure_environment "$environment" main
  done
  [[ -z $shared_secrets ]] ||
    echo "NOTE    This plan of GitHub has no secrets per environment. The repository holds them, and every branch can use them."
}

# ensure_environment <name> [branch]: with a branch, no other one can use the secrets. Rules of the team are left alone.
ensure_environment() {
  local name=$1 branch=${2:-} place=repos/$remote/environments/$1 rules
  rules=$(gh api "$place" --jq '.protection_rules | length' 2>/dev/null) || rules=""
  if [[ -n $rules && ($rules != 0 || -z $branch) ]]; then
    there "environment $name at GitHub"
  elif [[ -n $branch ]] && limit_environment "$place"; then
    gh api --silent --method POST "$place/deployment-branch-policies" --raw-field name="$branch" ||
      todo "GitHub, Settings, Environments, $name, Deployment branches: add $branch. No branch can use it before."
    made "environment $name at GitHub, for the branch $branch only"
  elif [[ -n $rules ]]; then
    there "environment $name at GitHub, for every branch (this plan of GitHub cannot limit it)"
  elif gh api --silent --method PUT "$place" 2>/dev/null; then
    made "environment $name at GitHub${branch:+, for every branch (this plan of GitHub cannot limit it)}"
  fi
  gh api --silent "$place/secrets/public-key" 2>/dev/null || shared_secrets=yes
}

limit_environment() {
  gh api --silent --method PUT "$1" --input - 2>/dev/null \
    <<<'{"deployment_branch_policy": {"protected_branches": false, "custom_branch_policies": true}}'
}

# secret <list or set> <environment> [name...]
secret() {
  local verb=$1 place=(--repo="$remote")
  [[ -n $shared_secrets ]] || place+=(--env="$2")
  shift 2
  gh secret "$verb" "${place[@]}" "$@"
}

is_stored() {
  secret list "$1" --json name --jq '.[].name' | grep -x "$2" >/dev/null
}

# Takes the secret from standard input: an argument could be seen by every process of this machine.
store_secret() {
  secret set "$1" "$2" >/dev/null
}
