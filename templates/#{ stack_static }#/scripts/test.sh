#!/usr/bin/env bash
# Tests the site; the same on a laptop and in the pipeline.
set -euo pipefail
cd "$(dirname "$0")/.."

# The folder that the image is made of.
folder=$(sed -n 's|^COPY \(.*\) /srv$|\1|p' Dockerfile)
python3 scripts/links.py "${folder:-.}"
