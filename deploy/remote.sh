#!/usr/bin/env bash
# Speaks to the place where the shop runs:  deploy/remote.sh current      prints the image that serves
#                                           deploy/remote.sh deploy IMAGE puts another one in its place
#
# DEPLOY_TO=fly   FLY_APP, FLY_API_TOKEN: a deploy token of this one application
# DEPLOY_TO=ssh   DEPLOY_HOST, DEPLOY_USER, DEPLOY_KEY_FILE, DEPLOY_KNOWN_HOSTS_FILE: the account may run nothing but
#                 deploy/remote_entry.sh; the host's key is known beforehand and never learnt on the way
set -euo pipefail

ask=${1:-} image=${2:-}
case $ask in
current) [[ $# -eq 1 ]] ;;
deploy) [[ $image =~ ^[a-z0-9./:_-]+@sha256:[0-9a-f]{64}$ ]] || { echo "Not an image by digest: $image" >&2; exit 2; } ;;
*) echo "usage: deploy/remote.sh current | deploy IMAGE@sha256:…" >&2; exit 2 ;;
esac

over_ssh() {
    ssh -i "${DEPLOY_KEY_FILE:?}" -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=10 \
        -o StrictHostKeyChecking=yes -o UserKnownHostsFile="${DEPLOY_KNOWN_HOSTS_FILE:?}" \
        "${DEPLOY_USER:?}@${DEPLOY_HOST:?}" "$@"
}

case ${DEPLOY_TO:?fly or ssh}:$ask in
fly:current)
    flyctl image show --app "${FLY_APP:?}" --json | python3 -c '
import json, sys
first = json.load(sys.stdin)[0]
print("{Registry}/{Repository}@{Digest}".format(**first))' ;;
fly:deploy) flyctl deploy --app "${FLY_APP:?}" --image "$image" --yes ;;
ssh:current) over_ssh current ;;
ssh:deploy) over_ssh deploy "$image" ;;
*) echo "DEPLOY_TO is fly or ssh, not $DEPLOY_TO" >&2; exit 2 ;;
esac
