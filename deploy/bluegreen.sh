#!/usr/bin/env bash
# Puts a new release in the place of the running one without a failed request: starts it beside the old one, waits until it
# is ready, lets nginx send everybody there, and only then stops the old one. Fails before the switch, and nothing changed.
#
#   IMAGE=registry.example/maru@sha256:… deploy/bluegreen.sh      on the host of docker-compose.prod.yml
#
# Rolling back is the same with the previous digest; the schema stays as it is. Which colour serves stands in
# deploy/nginx/upstream/app.conf. Other places than Docker Compose name their own commands: MARU_START and the like get
# the colour as $1.
set -euo pipefail
cd "$(dirname "$0")/.."

compose=${MARU_COMPOSE:-docker compose -f docker-compose.prod.yml}
upstream=${MARU_UPSTREAM_DIR:-deploy/nginx/upstream}
blue=${MARU_BLUE:-172.28.0.11:8000} green=${MARU_GREEN:-172.28.0.12:8000}
migrate=${MARU_MIGRATE:-$compose run --rm migrate}
start=${MARU_START:-$compose up --detach --no-deps --force-recreate web_\$1}
export PROBE='import urllib.request as u; u.urlopen("http://127.0.0.1:8000/health/ready/", timeout=1)'
ready=${MARU_READY:-$compose exec -T web_\$1 python -c '"$PROBE"'}
stop=${MARU_STOP:-$compose stop web_\$1}
try=${MARU_TEST:-$compose up --detach --no-deps --no-recreate nginx && $compose exec -T nginx nginx -t}
reload=${MARU_RELOAD:-$compose exec -T nginx nginx -s reload}
rest=${MARU_REST:-$compose up --detach --no-deps relay worker webhooks pictures quarantine backup}
looks=${MARU_LOOKS:-300} # ten a second

run() { bash -euc "$1" "$0" "${@:2}"; }
say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }
write() { # a rename: nginx reads the old line or the new one, never half of one
    printf 'server %s max_fails=0;\n' "$1" >"$upstream/.app.conf.new"
    mv "$upstream/.app.conf.new" "$upstream/app.conf"
}

exec 9>"$upstream/.lock"
flock --nonblock 9 || { echo "Another switch is under way." >&2; exit 1; }

if grep -qsF "$blue" "$upstream/app.conf"; then old=blue new=green from=$blue to=$green; else old=green new=blue from=$green to=$blue; fi

say "migrating"
run "$migrate" || { echo "The migration failed: $old goes on serving." >&2; exit 1; }

say "starting $new"
run "$start" "$new" || { echo "$new did not start: $old goes on serving." >&2; exit 1; }
for ((look = 0; ; look++)); do
    run "$ready" "$new" >/dev/null 2>&1 && break
    if ((look >= looks)); then
        run "$stop" "$new" || true
        echo "$new was not ready in time: $old goes on serving." >&2
        exit 1
    fi
    sleep 0.1
done

say "switching from $old to $new"
write "$to"
if ! run "$try" || ! run "$reload"; then
    write "$from"
    run "$stop" "$new" || true
    echo "nginx refuses its configuration: $old goes on serving." >&2
    exit 1
fi
sleep "${MARU_SETTLE:-1.5}" # old nginx processes hand over what they have accepted

say "stopping $old"
run "$stop" "$old"
run "$rest"
say "$new serves"
