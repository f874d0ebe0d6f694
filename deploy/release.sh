#!/usr/bin/env bash
# Puts an image in production's place, looks whether the shop works, and goes back when it does not.
#
#   IMAGE=ghcr.io/…@sha256:… BASE_URL=https://shop.example.com deploy/release.sh
#
# Ends with 0: the new image serves and passed. 1: it did not, and the previous one serves again. 2: going back failed
# too, or there was nothing to go back to: somebody must look. The schema is never taken back (docs/migrations.md).
#
# MARU_REMOTE, MARU_GATE, MARU_SMOKE name other commands than the usual ones.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
: "${IMAGE:?an image by digest}" "${BASE_URL:?where the shop answers}"

remote=${MARU_REMOTE:-deploy/remote.sh}
gate=${MARU_GATE:-python3 -m tools.deploy.gate $BASE_URL}
smoke=${MARU_SMOKE:-make e2e BASE_URL=$BASE_URL ARGS=\"-m smoke\"}

say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }
run() { bash -c "$1"; }
tell() { if [[ -n ${GITHUB_OUTPUT:-} ]]; then printf '%s\n' "$1" >>"$GITHUB_OUTPUT"; fi; }

previous=$("$remote" current) || previous=
say "serving now: ${previous:-nothing}"

say "deploying $IMAGE"
if "$remote" deploy "$IMAGE" && run "$gate" && run "$smoke"; then
    say "the new image serves"
    tell "outcome=deployed"
    exit 0
fi

if [[ -z $previous || $previous == "$IMAGE" ]]; then
    say "it does not work, and there is no other image to go back to" >&2
    tell "outcome=broken"
    exit 2
fi
say "it does not work: going back to $previous" >&2
if "$remote" deploy "$previous" && run "$gate"; then
    say "the previous image serves again" >&2
    tell "outcome=rolled-back"
    exit 1
fi
say "going back failed" >&2
tell "outcome=broken"
exit 2
