"""Looks into the shop's database without Django, which takes seconds to load."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from tools.local.paths import ROOT

MIGRATIONS = ("commerce", "cms", "workers")


def has_products(*, env: Mapping[str, str]) -> bool:
    """Tell whether the database that `env` names has products; a database without the table has none."""
    with psycopg.connect(_address(env), connect_timeout=5) as connection:
        if connection.execute("SELECT to_regclass('commerce_product')").fetchone() == (None,):
            return False
        return connection.execute("SELECT EXISTS (SELECT FROM commerce_product)").fetchone() == (True,)


def migrated_state(*, env: Mapping[str, str]) -> str:
    """Return a digest of what migrations exist and which of them this database has seen.

    Equal to that of the last time `migrate` ran to its end, it says that nothing is left to do. Those of
    installed packages are covered by the pins.
    """
    digest = hashlib.sha256((ROOT / "requirements" / "base.txt").read_bytes())
    for path in sorted(path for app in MIGRATIONS for path in (ROOT / app).glob("**/migrations/*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    for row in _applied_migrations(env):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def remember_migrated(*, env: Mapping[str, str], note: Path) -> None:
    """Write the digest down after `migrate` has run."""
    note.write_text(migrated_state(env=env))


def is_migrated(*, env: Mapping[str, str], note: Path) -> bool:
    """Tell whether nothing has changed since the digest in `note` was written."""
    return note.exists() and note.read_text() == migrated_state(env=env)


def _applied_migrations(env: Mapping[str, str]) -> list[tuple[object, ...]]:
    with psycopg.connect(_address(env), connect_timeout=5) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return []
        return connection.execute(
            "SELECT id, app, name, applied FROM django_migrations ORDER BY id"
        ).fetchall()


def _address(env: Mapping[str, str]) -> str:
    if url := env.get("DATABASE_URL"):
        return url.replace("psql://", "postgresql://").replace("pgsql://", "postgresql://")
    return make_conninfo(
        dbname=env["DB_NAME"],
        user=env.get("DB_USER"),
        password=env.get("DB_PASSWORD"),
        host=env.get("DB_HOST") or "localhost",
        port=env.get("DB_PORT") or "5432",
    )
