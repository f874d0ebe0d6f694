#!/usr/bin/env bash
# Runs what build_image.sh built: as its user, on a root that nobody can write to, against servers that the environment names.
#
#   DATABASE_URL=postgres://… REDIS_URL=redis://… deploy/verify/run_image.sh        needs root; PORT=8200
#
# The database should be empty: the release step is part of what is tried.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=deploy/verify/buildah.sh
. ./buildah.sh
port=${PORT:-8200} grace=40

declare -A pid=()
container=$(buildah from --pull-never localhost/maru)
tree=$(buildah mount "$container")
finish() {
    local one left
    for one in "${pid[@]}"; do
        mapfile -t left < <(pgrep --parent "$one") # a worker's processes outlive the one that began them
        kill -KILL "$one" "${left[@]}" 2>/dev/null || true
    done
    buildah rm "$container" >/dev/null
}
trap finish EXIT

export TREE=$tree
environment=(
    PATH=/opt/venv/bin:/usr/bin:/bin HOME=/tmp PYTHONPATH=/app/site:/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
    DJANGO_SETTINGS_MODULE=config.settings.production
    "SECRET_KEY=$(head -c 48 /dev/urandom | base64)"
    ALLOWED_HOSTS=shop.example SHOP_BASE_URL=https://shop.example
    "DATABASE_URL=$DATABASE_URL" "REDIS_URL=$REDIS_URL" CLIENT_ADDRESS_HEADER=X-Real-IP EMAIL_HOST=127.0.0.1
    PORTONE_STORE_ID=store-verify PORTONE_API_KEY=channel-key-verify PORTONE_API_SECRET=of-this-run-alone
    "PORTONE_WEBHOOK_SECRET=whsec_$(head -c 24 /dev/urandom | base64)"
    "GUNICORN_BIND=127.0.0.1:$port" dramatiq_queue_prefetch=8
)
# The process that is left is the command itself, so that signals reach it. Its mounts end with it.
# shellcheck disable=SC2016  # expanded inside
inside() {
    exec unshare --mount --propagation private bash -euc '
        mount --bind "$TREE" "$TREE"
        mount -o remount,bind,ro "$TREE"
        mount --rbind /dev "$TREE/dev"
        mount -t proc proc "$TREE/proc"
        mount -t tmpfs -o mode=1777 tmpfs "$TREE/tmp"
        for folder in media private; do mount -t tmpfs -o uid=10001,gid=10001 tmpfs "$TREE/app/$folder"; done
        exec chroot --userspec=10001:10001 --groups= "$TREE" /usr/bin/env -i -C /app "$@"' - "${environment[@]}" "$@"
}
now() { date +%s%N; }
since() { awk "BEGIN {printf \"%.1f s\", ($(now) - $1) / 1e9}"; }
processor() { # seconds that a process and its children have computed: says the same on a busy machine
    local ticks=0 one
    for one in "$1" $(pgrep --parent "$1"); do
        ticks=$((ticks + $(awk '{print $14 + $15}' "/proc/$one/stat")))
    done
    awk "BEGIN {printf \"%.1f s\", $ticks / $(getconf CLK_TCK)}"
}
start() { # a name, and the command
    (inside "${@:2}") >"$work/$1.log" 2>&1 &
    pid[$1]=$!
}
ask() { curl --silent --show-error --output "${2:-/dev/null}" --write-out '%{http_code}' --max-time 5 \
    --header 'Host: shop.example' --header 'X-Forwarded-Proto: https' "http://127.0.0.1:$port$1" 2>/dev/null || true; }
end() { # SIGTERM, and how long it took
    local began code=0 looks=0
    began=$(now)
    kill -TERM "${pid[$1]}"
    while kill -0 "${pid[$1]}" 2>/dev/null; do
        ((looks++ < grace * 10)) || { echo "$1 did not stop within $grace s" >&2; exit 1; }
        sleep 0.1
    done
    wait "${pid[$1]}" || code=$?
    echo "$1 stopped on SIGTERM after $(since "$began"), exit code $code"
    ((code == 0)) || { tail -20 "$work/$1.log" >&2; exit 1; }
}

# What fails before && ends no script (set -e), so each of these stands alone.
[[ $( (inside id -u) ) == 10001 ]] || { echo "the user is another" >&2; exit 1; }
echo "user 10001"
# shellcheck disable=SC2016
(inside sh -c 'for place in /x /app/x /app/staticfiles/x /opt/venv/x; do touch $place 2>/dev/null && exit 1; done; touch /tmp/x')
echo "nothing but /tmp and the volumes can be written to"
(inside python manage.py check --deploy --fail-level WARNING)
echo "check --deploy: clean"
(inside pg_dump --version)

(inside python manage.py wait_for_services --seconds 20)
began=$(now)
(inside python manage.py migrate_safely) >"$work/migrate.log" 2>&1 || { tail -5 "$work/migrate.log" >&2; exit 1; }
echo "release step on this database: $(since "$began")"

began=$(now)
start web gunicorn -c deploy/gunicorn/gunicorn.conf.py
until [[ $(ask /health/ready/ "$work/ready.json") == 200 ]]; do
    kill -0 "${pid[web]}" || { tail -20 "$work/web.log" >&2; exit 1; }
    sleep 0.05
done
echo "from start to ready: $(since "$began"), of processor time $(processor "${pid[web]}"); $(cat "$work/ready.json")"
echo "memory of web: $(ps -o rss= --pid "${pid[web]}" --ppid "${pid[web]}" | awk '{sum += $1} END {printf "%.0f MB", sum / 1024}')"
for path in / /accounts/login/ /health/live/ /nowhere/; do echo "$path $(ask "$path" "$work/page.html")"; done
ask /accounts/login/ "$work/page.html" >/dev/null
style=$(grep --only-matching --extended-regexp '/static/[^"]+\.[0-9a-f]{12}\.css' "$work/page.html" | head -1)
[[ -n $style && $(ask "$style") == 200 ]] || { echo "there is no style sheet at ${style:-any address}" >&2; exit 1; }
echo "$style 200"

start worker dramatiq workers.main -p 2 -t 8 -Q critical db io clock --worker-shutdown-timeout 25000
start relay python manage.py relay_outbox
for ((look = 0; ; look++)); do # the relay gives signs of life, and the worker's processes take messages
    [[ $(ask /health/ "$work/health.json") == 200 ]] && grep --quiet '"workers": "ok"' "$work/health.json" \
        && (($(grep --count 'ready for action' "$work/worker.log") >= 2)) && break
    kill -0 "${pid[worker]}" "${pid[relay]}" && ((look < 120)) \
        || { tail -20 "$work/worker.log" "$work/relay.log" >&2; exit 1; }
    sleep 1
done
cat "$work/health.json" && echo
sleep "${SECONDS_OF_WORK:-10}"
end relay
end worker
end web
