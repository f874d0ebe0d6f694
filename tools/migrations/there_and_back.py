"""Go forward, back to each app's first migration and forward again, on a database with a shop in it.

`python -m tools.migrations.there_and_back [--seed]` wants an empty database of its own in DATABASE_URL:
`make migrations` gives it one. It fails when a reverse fails, or when the second schema differs from the first.
"""

import argparse
import sys
import time
from collections.abc import Callable

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

OURS = ("commerce", "cms", "workers")
_SCHEMA = {
    "columns": """SELECT table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' '
                         || coalesce(column_default, '') FROM information_schema.columns
                  WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                      FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname || ' ' || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}


def schema() -> dict[str, set[str]]:
    """Return what the database is made of, as texts that can be compared."""
    with connection.cursor() as cursor:
        found: dict[str, set[str]] = {}
        for kind, query in _SCHEMA.items():
            cursor.execute(query)
            found[kind] = {str(row[0]) for row in cursor.fetchall()}
    return found


def differences(first: dict[str, set[str]], second: dict[str, set[str]]) -> list[str]:
    """Return what only one of two schemas has, in words."""
    lost = [f"lost: {one}" for kind in first for one in sorted(first[kind] - second[kind])]
    return lost + [f"new: {one}" for kind in first for one in sorted(second[kind] - first[kind])]


def back(*, tell: Callable[[str], None]) -> int:
    """Take our migrations back, the newest first, down to each app's first; return how many."""
    taken = 0
    for app, name in _newest_first():
        before = _before(app, name)
        if before:
            tell(f"back: {app}.{name}")
            call_command("migrate", app, before, verbosity=0, interactive=False)
            taken += 1
    return taken


def _newest_first() -> list[tuple[str, str]]:
    loader = MigrationLoader(connection)
    plan: list[tuple[str, str]] = []
    for leaf in loader.graph.leaf_nodes():
        plan += [node for node in loader.graph.forwards_plan(leaf) if node not in plan]
    return [node for node in reversed(plan) if node[0] in OURS and node in loader.applied_migrations]


def _before(app: str, name: str) -> str:
    names = sorted(other for label, other in MigrationLoader(connection).disk_migrations if label == app)
    at = names.index(name)
    return names[at - 1] if at else ""


def main(arguments: list[str]) -> int:
    """Do it and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", action="store_true", help="fill the shop first")
    seed = parser.parse_args(arguments).seed
    django.setup()
    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", flush=True)

    call_command("migrate", verbosity=0, interactive=False)
    first = schema()
    tell("forward")
    if seed:
        call_command("seed_demo", verbosity=0)
        tell("seeded")
    tell(f"{back(tell=tell)} migrations went back")
    call_command("migrate", verbosity=0, interactive=False)
    tell("forward again")
    found = differences(first, schema())
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
