#!/usr/bin/env bash
# The only thing that the deploying account of a host may run. In its ~/.ssh/authorized_keys:
#
#   restrict,command="/srv/maru/deploy/remote_entry.sh" ssh-ed25519 AAAA… deploy
#
# What the other side asks for is in SSH_ORIGINAL_COMMAND: "current", or "deploy IMAGE@sha256:…". Nothing else is run.
set -euo pipefail
cd "$(dirname "$0")/.."

serves=${MARU_SERVES:-.image} # the image that serves, one line
switch=${MARU_SWITCH:-deploy/bluegreen.sh}

read -r ask image more <<<"${SSH_ORIGINAL_COMMAND:-}" || true
if [[ $ask == current && -z ${image:-} ]]; then
    cat "$serves" 2>/dev/null || { echo "Nothing was deployed here yet." >&2; exit 1; }
elif [[ $ask == deploy && -z ${more:-} && ${image:-} =~ ^[a-z0-9./:_-]+@sha256:[0-9a-f]{64}$ ]]; then
    IMAGE=$image "$switch"
    printf '%s\n' "$image" >"$serves.new"
    mv "$serves.new" "$serves"
else
    echo "Only this is possible here:  current  |  deploy IMAGE@sha256:…" >&2
    exit 2
fi
