#!/usr/bin/env bash
# Which host key a plan of the infrastructure is made with. Read by the script that plans in a pipeline.

# Only main may have the host key of a server. A plan that nobody can apply shows the same with any other.
use_any_host_key() {
  local folder
  folder=$(mktemp -d)
  ssh-keygen -q -t ed25519 -N "" -C "never used" -f "$folder/key"
  TF_VAR_ssh_host_private_key=$(<"$folder/key")
  export TF_VAR_ssh_host_private_key
  rm -r "$folder"
}

# use_own_host_key <environment> <where its secret is kept>
# Without its secret there is no host key in the plan: Terraform refuses to make a server that nobody could recognise.
use_own_host_key() {
  local environment=$1 place=$2 name folder public=terraform/keys/host/$1.pub
  name=SSH_HOST_KEY_$(tr '[:lower:]' '[:upper:]' <<<"$environment")
  [[ -n ${!name:-} ]] || return 0 # a missing secret is an empty one
  folder=$(mktemp -d)
  (umask 077 && echo "${!name}" >"$folder/key")
  [[ $(ssh-keygen -y -P "" -f "$folder/key" | cut -d ' ' -f 1-2) == "$(cut -d ' ' -f 1-2 "$public")" ]] ||
    stop "The secret $name is not the private half of $public. Put the right one into $place."
  rm -r "$folder"
  export TF_VAR_ssh_host_private_key=${!name}
}
