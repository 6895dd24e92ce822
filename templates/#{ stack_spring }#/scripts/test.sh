#!/usr/bin/env bash
# Tests the application; the same on a laptop and in the pipeline.
set -euo pipefail
cd "$(dirname "$0")/.."

maven=mvn
[[ ! -x mvnw ]] || maven=./mvnw
"$maven" --batch-mode --no-transfer-progress verify
