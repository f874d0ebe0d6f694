#!/usr/bin/env bash
# Runs the tests of another commit on this one's schema: while a release rolls out, and after one was taken back, old
# code works on new tables.
#
#   tools/migrations/old_code.sh origin/main [what to test there, for pytest]
#
# The test database is made by this commit and kept; the other commit's code lies in a worktree below .local and finds it
# there; without arguments the tests of `commerce`, which hold the tables that shoppers write.
set -euo pipefail
cd "$(dirname "$0")/../.."

base=${1:?the commit whose code must work on this schema}
shift
root=$PWD other=$PWD/.local/old-code
commit=$(git rev-parse --verify --quiet "$base^{commit}") || { echo "There is no commit $base." >&2; exit 1; }

if git diff --quiet "$commit" -- '*/migrations/0*.py'; then
    echo "No migration differs from $base: its tests have run on this schema already."
    exit 0
fi

git worktree remove --force "$other" 2>/dev/null || true
git worktree add --quiet --detach "$other" "$commit"
trap 'git -C "$root" worktree remove --force "$other"' EXIT

export OTHER=$other MAKE_DATABASE='
import django; django.setup()
from django.test.utils import setup_databases
setup_databases(verbosity=0, interactive=False, keepdb=False)
'
# shellcheck disable=SC2016  # expanded where the servers are
python -m tools.local exec -- bash -euc '
    DJANGO_SETTINGS_MODULE=config.settings.test python -c "$MAKE_DATABASE"
    cd "$OTHER"
    export PYTHONPATH=$OTHER/site:$OTHER
    exec pytest -q --reuse-db -p no:cacheprovider --ignore=workers/tests/chaos --ignore-glob="*migration*" \
        --ignore-glob="*query_plans*" "$@"' old-code "${@:-commerce}"
