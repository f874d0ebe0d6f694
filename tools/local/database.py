"""Looks into the shop's database without Django, which takes seconds to load."""

from collections.abc import Mapping

import psycopg
from psycopg.conninfo import make_conninfo


def has_products(*, env: Mapping[str, str]) -> bool:
    """Tell whether the database that `env` names has products; a database without the table has none."""
    with psycopg.connect(_address(env), connect_timeout=5) as connection:
        if connection.execute("SELECT to_regclass('commerce_product')").fetchone() == (None,):
            return False
        return connection.execute("SELECT EXISTS (SELECT FROM commerce_product)").fetchone() == (True,)


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
