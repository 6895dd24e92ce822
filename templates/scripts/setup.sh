#!/usr/bin/env bash
# The first hour: makes the keys, asks for the tokens, and puts both where the pipelines find them. Run it as often as
# you like: what is there stays as it is.
set -euo pipefail
umask 077 # private keys pass through files here
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh
# shellcheck source-path=SCRIPTDIR/.. source=scripts/secret_store.sh
source scripts/secret_store.sh

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
  git rev-parse --git-dir &>/dev/null || stop "This folder is no git repository yet. Type: git init -b main && git add -A && git commit -m Richtfest"
  terraform=$(sed -n 's/^terraform=//p' scripts/infrastructure.sh)
  type -P "$terraform" >/dev/null ||
    echo "NOTE    $terraform is not installed. Only who wants to plan from this machine needs it; the pipeline has its own."

  # Secrets that wait for their place lie outside of the repository: never committed, never copied into an image.
  name=$(setting "${environments[0]}" PROJECT)
  waiting=${XDG_STATE_HOME:-$HOME/.local/state}/${name:?}/secrets
}

# Before each commit git looks for conflicts that an update left behind. Hooks of the team stay as they are.
ensure_hook() {
  local hook command="bash scripts/conflicts.sh --staged"
  hook=$(git rev-parse --git-path hooks/pre-commit)
  if grep -qsF "$command" "$hook"; then
    there "hook that keeps conflicts out of commits: $hook"
  elif [[ -e $hook || -n $(git config core.hooksPath) ]]; then
    echo "NOTE    You have hooks of your own. Add this to the one before a commit, so that it keeps conflicts out: $command"
  else
    mkdir -p "$(dirname "$hook")"
    printf '#!/bin/sh\n# Keeps conflicts out of commits; made by scripts/setup.sh.\n[ ! -f scripts/conflicts.sh ] || exec %s\n' \
      "$command" >"$hook"
    chmod +x "$hook"
    made "hook that keeps conflicts out of commits: $hook"
  fi
}

# ---- secrets that are made here ------------------------------------------------------------------------------------

# store <environment> <secret>: puts what it reads where the pipelines find it.
store() {
  store_secret "$1" "$2" || stop "$forge refused the secret $2; the reason stands above."
  made "secret $2 in $1"
}

# deliver <environment> <secret>: stores a waiting secret, or says how to do that by hand.
deliver() {
  local environment=$1 name=$2 file=$waiting/$1/$2
  if [[ -z $remote ]]; then
    todo "$(by_hand "$environment" "$name" "content of $file"). Then delete that file."
    return
  fi
  store "$environment" "$name" <"$file"
  if [[ -n $keep ]]; then
    echo "        kept in $file"
  else
    rm "$file"
  fi
}

# ensure_key <public half> <environment> <secret> <what it is>
ensure_key() {
  local public=$1 environment=$2 name=$3 what=$4 file=$waiting/$2/$3
  if [[ ! -f $public ]]; then
    make_key "$public" "$file" "$what"
    deliver "$environment" "$name"
  elif [[ -n $remote ]] && is_stored "$environment" "$name"; then
    there "$what: $public, secret $name in $environment"
  elif [[ -f $file ]]; then
    deliver "$environment" "$name"
  elif [[ -n $remote ]]; then
    todo "$public has no secret $name at $forge. $(way_back "$public" "$name")"
  else
    there "$what: $public (without $forge_tool nobody can see whether $forge has its secret $name)"
  fi
}

# A server that runs has its host key; a new one would look like a stranger to every client.
way_back() {
  local public=$1 name=$2 again="rm $1, run this again, commit"
  if [[ $public == */host/* ]]; then
    echo "If the server runs: ssh ops@<its domain> sudo cat /etc/ssh/ssh_host_ed25519_key | $(from_pipe infrastructure "$name"). If it was never built: $again."
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
  if [[ -n $remote ]] && is_stored infrastructure PLAN_KEY; then
    there "secret PLAN_KEY in infrastructure"
    return
  fi
  if [[ ! -f $file ]]; then
    mkdir -p "$(dirname "$file")"
    od -An -vtx1 -N32 /dev/urandom | tr -d ' \n' >"$file"
  fi
  deliver infrastructure PLAN_KEY
}

# ensure_kept <environments> <secret> <program> <what to do with it>: a secret that a person needs, too, made by the
# program. Its file stays until it was used. A second one would lock everybody out of what the first one opens.
ensure_kept() {
  local places=$1 name=$2 make=$3 use=$4 place lacking="" stored="" file
  file=$waiting/infrastructure/$name
  for place in $places; do
    if [[ -n $remote ]] && is_stored "$place" "$name"; then
      there "secret $name in $place"
      stored=yes
    else
      lacking+=" $place"
    fi
  done
  if [[ -n $lacking && ! -f $file ]]; then
    if [[ -n $stored ]]; then
      todo "$name is not in$lacking. Store the one that you keep: $(from_pipe "${lacking# }" "$name")"
      return
    elif [[ -z $remote && -n $(git ls-files terraform/keys/deploy) ]]; then
      there "$name was made with the other keys (without $forge_tool nobody can see whether $forge has it)"
      return
    fi
    mkdir -p "$(dirname "$file")"
    "$make" >"$file"
  fi
  if [[ -z $remote ]]; then
    todo "$(by_hand "$places" "$name" "content of $file")."
  else
    for place in $lacking; do
      store "$place" "$name" <"$file"
      [[ -z $shared_secrets ]] || break
    done
  fi
  [[ ! -f $file ]] || echo "KEEP    $name is in $file. $use"
}

random_key() {
  head -c 32 /dev/urandom | base64
}

# Of every kind that clouds ask for, and nothing that an address could not hold.
random_password() {
  echo "$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')-Aa1"
}

ensure_state_key() {
  ensure_kept "infrastructure-plan infrastructure" STATE_KEY random_key \
    "It is the only key to the state: put it into your password manager, then delete that file."
}

# Where the cloud runs the database. On the server the password is made by the server.
ensure_database_passwords() {
  local environment
  [[ -f scripts/database.sh ]] || return 0
  for environment in "${environments[@]}"; do
    ensure_kept infrastructure "DATABASE_PASSWORD_$(tr '[:lower:]' '[:upper:]' <<<"$environment")" random_password \
      "Put it into your password manager. When the database was built, scripts/database.sh hands it to the server and deletes that file."
  done
}

# ---- what you have ---------------------------------------------------------------------------------------------------

# The key with which you log in to the servers.
ensure_own_key() {
  local login file public key=""
  if [[ -n $remote ]]; then login=$(own_login); else login=$(git config user.name || id -un); fi
  login=$(sed 's/ä/ae/g; s/ö/oe/g; s/ü/ue/g; s/ß/ss/g; s/Ä/ae/g; s/Ö/oe/g; s/Ü/ue/g' <<<"$login")
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
  if [[ -z $remote ]]; then
    todo "$(by_hand "$places" "$name" "$what")"
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

# With secrets per environment each has a key of its own; else one key is for all, as the repository can hold only one.
ensure_environment_keys() {
  local environment folder scope
  for environment in "${environments[@]}"; do
    folder=terraform/keys/deploy/$environment scope=$environment
    [[ -z $shared_secrets ]] || folder=terraform/keys/deploy scope="every environment"
    ensure_key "$folder/$actor.pub" "$environment" DEPLOY_SSH_KEY "key that may release in $scope"
    if compgen -G "terraform/*/host_key.sh" >/dev/null; then
      expect_host_key "$environment"
    else
      ensure_key "terraform/keys/host/$environment.pub" infrastructure \
        "SSH_HOST_KEY_$(tr '[:lower:]' '[:upper:]' <<<"$environment")" "host key of $environment"
    fi
  done
}

# Where a cloud could not keep a private key secret, the server makes its host key itself.
expect_host_key() {
  local public=terraform/keys/host/$1.pub
  if [[ -f $public ]]; then
    there "host key of $1: $public"
  else
    echo "NOTE    The server of $1 makes its host key itself. The job that builds it prints a line: commit that as $public."
  fi
}

tell_what_is_next() {
  local unless=""
  echo
  if [[ -n $missing ]]; then
    [[ -n $remote ]] || unless=", unless you have done it (that cannot be seen without $forge_tool)"
    echo "Still to do$unless:"
    echo "$missing"
    exit 1
  elif [[ -n $(git status --porcelain terraform/keys) ]]; then
    echo "Everything is there. Next: git add terraform/keys && git commit -m Keys && git push --set-upstream origin main"
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
ensure_hook
find_store
if [[ -n $remote ]] && ! is_administrator; then
  echo "NOTE    You are no administrator of $remote: its secrets are left alone, and you get your own key only."
  ensure_own_key
else
  [[ -z $remote ]] || prepare_store "${environments[@]}"
  ensure_own_key
  ensure_environment_keys
  ensure_plan_key
  ensure_state_key
  ensure_database_passwords
  ensure_credentials
fi
tell_what_is_next
