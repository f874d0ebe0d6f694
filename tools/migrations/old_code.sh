#!/usr/bin/env bash
# Runs the tests of another commit on this one's schema: while a release rolls out, and after one was taken back, old
# code works on new tables.
#
#   tools/migrations/old_code.sh origin/main [arguments of pytest]
#
# The other commit's code lies in a worktree below .local; its folders of migrations are replaced by this commit's, so
# the test database that its tests make is the new one. Tests about migrations themselves are left out.
set -euo pipefail
cd "$(dirname "$0")/../.."

base=${1:?the commit whose code must work on this schema}
shift
root=$PWD other=$PWD/.local/old-code
commit=$(git rev-parse --verify --quiet "$base^{commit}") || { echo "There is no commit $base." >&2; exit 1; }

if git diff --quiet "$commit" -- '*/migrations/*.py'; then
    echo "No migration differs from $base: its tests have run on this schema already."
    exit 0
fi

git worktree remove --force "$other" 2>/dev/null || true
git worktree add --quiet --detach "$other" "$commit"
trap 'git -C "$root" worktree remove --force "$other"' EXIT
for app in commerce cms workers; do
    find "$other/$app/migrations" -name '0*.py' -delete
    cp "$app"/migrations/0*.py "$other/$app/migrations/"
done

# The new migrations may lean on what this commit pins, and its tools start the servers.
cd "$other"
export PYTHONPATH=$other/site:$other
python -m tools.local exec -- pytest commerce cms workers -q --ignore-glob='*migration*' \
    --deselect workers/tests/chaos "$@"
