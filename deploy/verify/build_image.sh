#!/usr/bin/env bash
# Builds the image with buildah, without an engine and without root services, and says how large it is.
#
#   deploy/verify/standin.sh                           where no registry of images is reached
#   deploy/verify/build_image.sh [buildah options]     PYTHON_IMAGE=localhost/python-standin
#   deploy/verify/run_image.sh                         then runs what was built
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=deploy/verify/buildah.sh
. ./buildah.sh
root=$(cd ../.. && pwd)
base=${PYTHON_IMAGE:-localhost/python-standin}

started=$SECONDS
# The docker format, since the OCI format has no HEALTHCHECK.
buildah bud --format docker --pull-never --build-arg "PYTHON_IMAGE=$base" \
    --build-arg "GIT_SHA=$(git -C "$root" rev-parse HEAD)" "$@" --tag localhost/maru "$root"
echo "built in $((SECONDS - started)) s"

buildah inspect --type image localhost/maru | python3 -c '
import json, sys
config = json.load(sys.stdin)["Docker"]["config"]
assert config["User"] == "10001:10001", config["User"]
assert config["Healthcheck"]["Test"][:2] == ["CMD", "python"], config["Healthcheck"]
assert not config.get("Entrypoint"), config["Entrypoint"]
assert not [said for said in config["Env"] if "SECRET" in said], "a secret is in the environment of the image"
print("user", config["User"], "stop", config["StopSignal"], "command", *config["Cmd"])'
buildah images --format '{{.Name}}:{{.Tag}} {{.Size}}' | grep -E "^localhost/maru:| ${base}:|^${base}:"

container=$(buildah from --pull-never localhost/maru)
trap 'buildah rm "$container" >/dev/null' EXIT
tree=$(buildah mount "$container")
echo "own layers: $(du --summarize --bytes --total "$tree/app" "$tree/opt/venv" | awk 'END {printf "%.0f MB", $1 / 1e6}')," \
    "of which libraries $(du --summarize --bytes "$tree/opt/venv" | awk '{printf "%.0f MB", $1 / 1e6}')," \
    "compressed $(tar --create --directory "$tree" app opt/venv | gzip -6 | wc --bytes | awk '{printf "%.0f MB", $1 / 1e6}');" \
    "the whole image compressed $(tar --create --directory "$tree" . | gzip -6 | wc --bytes | awk '{printf "%.0f MB", $1 / 1e6}')"

# What must not be in it.
found=$(cd "$tree" && find app \( -name '.git*' -o -name '.env*' -o -name tests -o -name '*.po' -o -name e2e -o -name tools \) | head)
[[ -z $found ]] || { echo "in the image, and should not be: $found" >&2; exit 1; }
for tool in gcc cc make git pip; do
    [[ -z $(find "$tree/usr/bin" "$tree/usr/local/bin" "$tree/opt/venv/bin" -name "$tool" 2>/dev/null) ]] \
        || { echo "the image has $tool" >&2; exit 1; }
done
[[ -z $(find "$tree/opt/venv/lib" -maxdepth 3 \( -name setuptools -o -name pip \)) ]] || { echo "the image has what installs" >&2; exit 1; }
echo "nothing in it that does not belong there"
