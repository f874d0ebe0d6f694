#!/usr/bin/env bash
# Makes the image localhost/python-standin from Debian's own packages, for places that reach no registry of images:
# the Dockerfile can be built on it, and what it does can be seen. It is no base to deploy on.
#
#   deploy/verify/standin.sh        needs root, buildah and debootstrap; SUITE=bookworm (Python 3.11)
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=deploy/verify/buildah.sh
. ./buildah.sh

suite=${SUITE:-bookworm}
tree=${STANDIN_TREE:-$work/$suite}
[[ -x $tree/usr/bin/python3 ]] || debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates "$suite" "$tree"
ln -sf python3 "$tree/usr/bin/python"
rm -rf "$tree"/var/cache/apt/archives/*.deb "$tree"/var/lib/apt/lists/*
mkdir -p "$tree/var/lib/apt/lists/partial"

container=$(buildah from scratch)
buildah add --quiet "$container" "$tree" / >/dev/null
buildah commit --quiet "$container" localhost/python-standin >/dev/null
buildah rm "$container" >/dev/null
echo "localhost/python-standin is there"
