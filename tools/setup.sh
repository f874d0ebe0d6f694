#!/usr/bin/env bash
# Creates the virtual environment $1 and installs what requirements/development.txt pins. `make setup` calls it.
# PYTHON chooses the interpreter; without it the first of the usual names that is new enough.
set -euo pipefail

venv=$1
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

find_python() {
    local name
    for name in ${PYTHON:-python3.11 python3 python3.12 python3.13}; do
        if "$name" -c "$new_enough" 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "Python 3.11 or newer is needed; tried: ${PYTHON:-python3.11 python3 python3.12 python3.13}." >&2
    echo "Debian 12 has it:  apt-get install python3 python3-venv" >&2
    echo "or name another:   PYTHON=/path/to/python3.11 make setup" >&2
    return 1
}

python=$(find_python)
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python cannot create virtual environments: on Debian its module venv is a package of its own." >&2
    echo "Install it:  apt-get install python3-venv" >&2
    exit 1
fi

# An environment of an older Python, or one that was moved here from elsewhere, does not start: make it anew.
if ! "$venv/bin/python" -c "$new_enough" 2>/dev/null || ! grep -qsF "$PWD/$venv" "$venv/bin/pip"; then
    echo "Creating $venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

echo "Installing the pinned requirements (once, about a minute)"
"$venv/bin/python" -m pip install --quiet --require-hashes -r requirements/development.txt
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
