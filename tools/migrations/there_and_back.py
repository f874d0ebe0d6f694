"""Go forward, back to each app's first migration and forward again; then once more with a shop in the tables.

`python -m tools.migrations.there_and_back` wants an empty database of its own in DATABASE_URL: `make migrations`
gives it one. It fails when a reverse fails, or when a later schema differs from the first. With a shop in the tables
it stops above what baseline.toml lists under [kept].
"""

import sys
import time
import tomllib
from collections.abc import Callable, Container
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

OURS = ("commerce", "cms", "workers")
BASELINE = Path(__file__).with_name("baseline.toml")
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


def back(*, kept: Container[str] = (), tell: Callable[[str], None]) -> int:
    """Take our migrations back, the newest first, down to each app's first or to one that is kept; return how many."""
    taken = 0
    for app, name in _newest_first():
        if f"{app}.{name}" in kept:
            break
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


def main() -> int:
    """Do it and say how long it took."""
    django.setup()
    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", flush=True)

    call_command("migrate", verbosity=0, interactive=False)
    first = schema()
    tell("forward")
    found = _once_more(first, kept=(), tell=tell)
    call_command("seed_demo", verbosity=0)
    tell("seeded")
    found += _once_more(first, kept=tomllib.loads(BASELINE.read_text())["kept"], tell=tell)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


def _once_more(
    first: dict[str, set[str]], *, kept: Container[str], tell: Callable[[str], None]
) -> list[str]:
    tell(f"{back(kept=kept, tell=tell)} migrations went back")
    call_command("migrate", verbosity=0, interactive=False)
    tell("forward again")
    return differences(first, schema())


if __name__ == "__main__":
    sys.exit(main())
