#!/usr/bin/env bash
# Builds the image and starts it the way the server does, without any rights. Its health path must answer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh

port=$(setting production APPLICATION_PORT)
path=$(setting production HEALTH_PATH)
scratch=$(mktemp -d)
container=""
trap 'rm -r "$scratch"; [[ -z $container ]] || docker rm --force --volumes "$container" >/dev/null' EXIT

# Where its port can be reached: at the machine of the engine, which in a pipeline may be another one than this.
host=127.0.0.1 publish=127.0.0.1::$port
if [[ ${DOCKER_HOST:-} == tcp://* ]]; then
  host=${DOCKER_HOST#tcp://} publish=$port
  host=${host%%:*}
fi

docker build --iidfile "$scratch/image" . </dev/null
image=$(<"$scratch/image")

# What the application needs to start at all may stand in .env.example; nothing secret belongs there.
variables=()
[[ ! -f .env.example ]] || variables=(--env-file .env.example)
container=$(docker run --detach --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
  --publish "$publish" ${variables[@]+"${variables[@]}"} "$image" </dev/null)

fail() {
  docker logs --tail 50 "$container" >&2 || true
  stop "$1"
}

for _ in {1..60}; do
  [[ $(docker inspect --format '{{.State.Running}}' "$container") == true ]] ||
    fail "The container stopped by itself; its last words stand above."
  address=$host:$(docker port "$container" "$port/tcp" | sed -n '1s/.*://p')
  if curl --silent --fail --max-time 2 --output /dev/null "http://$address$path"; then
    echo "The image starts, and $path answers on port $port."
    exit 0
  fi
  sleep 1
done
fail "$path did not answer on port $port within a minute; what the container said stands above."
