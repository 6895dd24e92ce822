#!/usr/bin/env bash
# Runs a tool: the one on this machine, else the pinned one in a container. Read by checks.sh and security.sh.

# The file that names a tool's image. Prometheus and the edge bring their own tools, in the version that runs.
image_of() {
  case $1 in
    amtool) pinned "prom/alertmanager" monitoring/compose.yml ;;
    caddy) pinned "caddy" server/compose.yml ;;
    promtool) pinned "prom/prometheus" monitoring/compose.yml ;;
    *) sed -n "/^  $1:/,/image:/s/^ *image: *//p" scripts/compose.tools.yml ;;
  esac
}

pinned() {
  sed -n "s|^ *image: *\"\{0,1\}\($1:[^\" ]*\).*|\1|p" "$2" | sed -n 1p
}

is_here() {
  if [[ $1 == docker ]]; then
    docker compose version &>/dev/null
  else
    type -P "$1" >/dev/null || docker version &>/dev/null
  fi
}

# A tool reads the repository and nothing else, without a network. After --docker and before -- stand options that open
# more to its container.
tool() {
  local name=$1 options=(--network none) image
  shift
  if [[ ${1:-} == --docker ]]; then
    options=()
    shift
    while [[ $1 != -- ]]; do
      options+=("$1")
      shift
    done
    shift
  fi
  if type -P "$name" >/dev/null; then
    command "$name" "$@" </dev/null
    return
  fi
  image=$(image_of "$name")
  docker image inspect "$image" &>/dev/null || docker pull --quiet "$image" </dev/null || return 125
  docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:$PWD:ro" --workdir "$PWD" --env HOME=/tmp \
    "${options[@]}" --entrypoint "$name" "$image" "$@" </dev/null
}
