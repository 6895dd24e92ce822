#!/usr/bin/env bash
# Makes the virtual environment with the locked requirements and this package: venv.sh PYTHON FOLDER
set -euo pipefail

python=$1 folder=$2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed: $python is not. Name another one: make PYTHON=/path/to/python3.12" >&2
    exit 1
fi

# Debian keeps the module that fills a virtual environment in a package of its own.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "Python's venv is missing: install the package python3-venv, then try again." >&2
        exit 1
    fi
    echo "Installing Debian's python3-venv"
    apt-get -qq update </dev/null
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends python3-venv </dev/null >/dev/null
fi

echo "Making $folder with the locked requirements"
"$folder/bin/python" -c '' 2>/dev/null || "$python" -m venv --clear "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --use-pep517 --require-hashes \
    --requirement tests/requirements.txt
"$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
touch "$folder/ready"
