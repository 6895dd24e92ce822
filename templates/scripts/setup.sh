#!/usr/bin/env bash
# The first hour: makes the keys, asks for the tokens, and puts both where the pipelines find them. Run it as often as
# you like: what is there stays as it is.
set -euo pipefail
umask 077 # private keys pass through files here
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh

usage="Usage: bash scripts/setup.sh [--keep] [environment...]

Without a name: every environment of server/environments. --keep leaves copies of the secrets that are made here on
this machine, which is needed only to build a server from this machine instead of by the pipeline."

made() { echo "made    $1"; }
there() { echo "there   $1"; }

missing=""
todo() { missing+="- $1"$'\n'; }

# ---- this machine ------------------------------------------------------------------------------------------------

look_around() {
  local name terraform
  for name in git ssh-keygen; do
    type -P "$name" >/dev/null || stop "$name is needed and was not found. Type: apt install git openssh-client (Mac: brew install git openssh)"
  done
  terraform=$(sed -n 's/^terraform=//p' scripts/infrastructure.sh)
  type -P "$terraform" >/dev/null ||
    echo "NOTE    $terraform is not installed. Only who wants to plan from this machine needs it; the pipeline has its own."

  # Secrets that wait for GitHub lie outside of the repository: never committed, never copied into an image.
  name=$(setting "${environments[0]}" PROJECT)
  waiting=${XDG_STATE_HOME:-$HOME/.local/state}/${name:?}/secrets
}

find_github() {
  local branch
  github="" administrator=yes
  if ! type -P gh >/dev/null; then
    echo "NOTE    gh is not installed (https://cli.github.com). Keys are made, and you are told what to enter at GitHub."
    return
  fi
  gh auth status &>/dev/null || stop "gh is not logged in. Type: gh auth login"
  github=$(gh repo view --json nameWithOwner --jq .nameWithOwner 2>/dev/null) ||
    stop "This repository is not at GitHub yet. Type: gh repo create --private --source . --remote origin"
  [[ $(gh repo view --json viewerPermission --jq .viewerPermission) == ADMIN ]] || administrator=""
  branch=$(gh repo view --json defaultBranchRef --jq '.defaultBranchRef.name // ""')
  [[ -z $branch || $branch == main ]] ||
    todo "The pipelines listen to the branch main, yours is called $branch. Type: gh api --method POST repos/$github/branches/$branch/rename --raw-field new_name=main"
}

# ---- GitHub ------------------------------------------------------------------------------------------------------

# On a free plan a private repository has no environments with secrets: then the repository itself holds them.
shared_secrets=""

# ensure_environment <name> [branch]: with a branch, no other one can use the secrets. Rules of the team are left alone.
ensure_environment() {
  local name=$1 branch=${2:-} place=repos/$github/environments/$1 rules
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
  local verb=$1 place=(--repo="$github")
  [[ -n $shared_secrets ]] || place+=(--env="$2")
  shift 2
  gh secret "$verb" "${place[@]}" "$@"
}

is_stored() {
  secret list "$1" --json name --jq '.[].name' | grep -x "$2" >/dev/null
}

# Takes the secret from standard input: an argument could be seen by every process of this machine.
store() {
  secret set "$1" "$2" >/dev/null || stop "GitHub refused the secret $2; the reason stands above."
  made "secret $2 in $1"
}

# ---- secrets that are made here ------------------------------------------------------------------------------------

# deliver <environment at GitHub> <secret>: hands a waiting secret to GitHub, or says how to do that by hand.
deliver() {
  local environment=$1 name=$2 file=$waiting/$1/$2
  if [[ -z $github ]]; then
    todo "GitHub, Settings, Environments, $environment, Add environment secret: $name = content of $file. Then delete that file."
    return
  fi
  store "$environment" "$name" <"$file"
  if [[ -n $keep ]]; then
    echo "        kept in $file"
  else
    rm "$file"
  fi
}

# ensure_key <public half> <environment at GitHub> <secret> <what it is>
ensure_key() {
  local public=$1 environment=$2 name=$3 what=$4 file=$waiting/$2/$3
  if [[ ! -f $public ]]; then
    make_key "$public" "$file" "$what"
    deliver "$environment" "$name"
  elif [[ -n $github ]] && is_stored "$environment" "$name"; then
    there "$what: $public, secret $name in $environment"
  elif [[ -f $file ]]; then
    deliver "$environment" "$name"
  elif [[ -n $github ]]; then
    todo "$public has no secret $name at GitHub. $(way_back "$public" "$name")"
  else
    there "$what: $public (without gh nobody can see whether GitHub has its secret $name)"
  fi
}

# A server that runs has its host key; a new one would look like a stranger to every client.
way_back() {
  local public=$1 name=$2 again="rm $1, run this again, commit"
  if [[ $public == */host/* ]]; then
    echo "If the server runs: ssh ops@<its domain> sudo cat /etc/ssh/ssh_host_ed25519_key | gh secret set $name --env infrastructure. If it was never built: $again."
  else
    echo "For a new pair: $again, and bash scripts/apply.sh for each environment."
  fi
}

make_key() {
  local public=$1 file=$2 what=$3
  mkdir -p "$(dirname "$file")"
  rm -f "$file"
  ssh-keygen -q -t ed25519 -N "" -C "$what" -f "$file"
  publish "$(<"$file.pub")" "$public"
  rm "$file.pub"
  made "$what: $public"
}

publish() {
  (umask 022 && mkdir -p "$(dirname "$2")" && echo "$1" >"$2")
}

# With it one job of the pipeline hands its plan to the next.
ensure_plan_key() {
  local file=$waiting/infrastructure/PLAN_KEY
  if [[ -n $github ]] && is_stored infrastructure PLAN_KEY; then
    there "secret PLAN_KEY in infrastructure"
    return
  fi
  if [[ ! -f $file ]]; then
    mkdir -p "$(dirname "$file")"
    od -An -vtx1 -N32 /dev/urandom | tr -d ' \n' >"$file"
  fi
  deliver infrastructure PLAN_KEY
}

# ---- what you have ---------------------------------------------------------------------------------------------------

# The key with which you log in to the servers.
ensure_own_key() {
  local login file public key=""
  if [[ -n $github ]]; then login=$(gh api user --jq .login); else login=$(git config user.name || id -un); fi
  login=$(tr '[:upper:] ' '[:lower:]-' <<<"$login" | tr -cd 'a-z0-9-')
  public=terraform/keys/admin/${login:-admin}.pub
  if [[ -f $public ]]; then
    there "your key: $public"
    return
  fi
  for file in "$HOME"/.ssh/id_{ed25519,ecdsa,rsa}.pub; do
    [[ -n $key || ! -f $file ]] || key=$(<"$file")
  done
  [[ -n $key ]] || key=$(ssh-add -L 2>/dev/null | sed -n '/^[a-z].* /{p;q;}') || true
  if [[ -z $key ]]; then
    todo "You have no SSH key. Type: ssh-keygen -t ed25519, then run this again."
    return
  fi
  publish "$key" "$public"
  made "your key: $public"
}

# Asks for what the cloud gave you; terraform/<cloud>/credentials.txt says what that is.
ensure_credentials() {
  local name places what
  while IFS='|' read -r -u 4 name places what; do
    read -r name <<<"$name"
    read -r places <<<"$places"
    read -r what <<<"$what"
    [[ -z $name || $name == \#* ]] || ensure_credential "$name" "$places" "$what"
  done 4< <(cat terraform/*/credentials.txt)
}

ensure_credential() {
  local name=$1 places=$2 what=$3 place value="" lacking=""
  if [[ -z $github ]]; then
    todo "GitHub, Settings, Environments, ${places// / and }, Add environment secret: $name = $what"
    return
  fi
  # One place for all can only hold the token that may write.
  [[ -z $shared_secrets || $places != infrastructure-plan ]] || return 0
  for place in $places; do
    if is_stored "$place" "$name"; then
      there "secret $name in $place"
    else
      lacking+=" $place"
    fi
  done
  [[ -n $lacking ]] || return 0
  echo "$name: $what"
  read -r -s -p "        paste it, nothing is shown (Enter: later): " value || true
  echo
  if [[ -z $value ]]; then
    todo "$name for$lacking: $what. Run this again when you have it."
    return
  fi
  for place in $lacking; do
    store "$place" "$name" <<<"$value"
    [[ -z $shared_secrets ]] || return 0
  done
}

# ---- the story -------------------------------------------------------------------------------------------------------

ensure_environments() {
  local environment
  ensure_environment infrastructure-plan
  ensure_environment infrastructure main
  for environment in "${environments[@]}"; do
    ensure_environment "$environment" main
  done
  [[ -z $shared_secrets ]] ||
    echo "NOTE    This plan of GitHub has no secrets per environment. The repository holds them, and every branch can use them."
}

# With secrets per environment each has a key of its own; else one key is for all, as the repository can hold only one.
ensure_environment_keys() {
  local environment folder scope
  for environment in "${environments[@]}"; do
    folder=terraform/keys/deploy/$environment scope=$environment
    [[ -z $shared_secrets ]] || folder=terraform/keys/deploy scope="every environment"
    ensure_key "$folder/github-actions.pub" "$environment" DEPLOY_SSH_KEY "key that may release in $scope"
    ensure_key "terraform/keys/host/$environment.pub" infrastructure \
      "SSH_HOST_KEY_$(tr '[:lower:]' '[:upper:]' <<<"$environment")" "host key of $environment"
  done
}

tell_what_is_next() {
  local unless=""
  echo
  if [[ -n $missing ]]; then
    [[ -n $github ]] || unless=", unless you have done it (that cannot be seen without gh)"
    echo "Still to do$unless:"
    echo "$missing"
    exit 1
  elif [[ -n $(git status --porcelain terraform/keys) ]]; then
    echo "Everything is there. Next: git add terraform/keys && git commit -m Keys && git push"
  else
    echo "Everything is there."
  fi
}

keep=""
if [[ ${1:-} == --keep ]]; then
  keep=yes
  shift
fi
[[ ${1:-} != -* ]] || stop "$usage"
environments=("$@")
if [[ $# == 0 ]]; then
  for file in server/environments/*.env; do
    environments+=("$(basename "$file" .env)")
  done
fi
for environment in "${environments[@]}"; do
  require_environment "$environment"
done

look_around
find_github
if [[ -z $administrator ]]; then
  echo "NOTE    You are no administrator of $github: its secrets are left alone, and you get your own key only."
  ensure_own_key
else
  [[ -z $github ]] || ensure_environments
  ensure_own_key
  ensure_environment_keys
  ensure_plan_key
  ensure_credentials
fi
tell_what_is_next
