#!/usr/bin/env bash
# Tests the application; the same on a laptop and in the pipeline. Put the commands of your own tests here.
set -euo pipefail
cd "$(dirname "$0")/.."

# A Dockerfile with a stage called "test" is the usual place: it needs nothing but Docker.
if grep -qiE '^FROM .* AS test$' Dockerfile; then
  docker build --target test .
else
  echo "::warning::the Dockerfile has no stage called test and scripts/test.sh no command: no test was run"
fi
