#!/usr/bin/env bash
# Lints and tests the application; the same on a laptop and in the pipeline.
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(find . -name '*.go' -not -path './.*' -not -path './vendor/*' -exec gofmt -l {} +)
if [[ -n $unformatted ]]; then
  echo "gofmt -w would change:" "$unformatted"
  exit 1
fi
go vet ./...
go test ./...
