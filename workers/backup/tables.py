"""What a database holds, as numbers that two copies must share: rows and a checksum of every table."""

import hashlib
from typing import Any

from psycopg import Connection, errors, sql

from workers import leaving
from workers.backup import programs

# A row as text depends on these; both sides set them.
_ONE_WAY = (
    "SET timezone = 'UTC'",
    "SET datestyle = 'ISO, YMD'",
    "SET intervalstyle = 'postgres'",
    "SET extra_float_digits = 1",
    "SET bytea_output = 'hex'",
    "SET search_path = ''",
)
_TABLES = """
    SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence <> 't'
      AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'
                      AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
    ORDER BY 1, 2"""

_SUM = sql.SQL(
    """SELECT count(*), coalesce(sum(('x' || substr(h, 1, 16))::bit(64)::bigint::numeric), 0)::text,
              coalesce(sum(('x' || substr(h, 17, 16))::bit(64)::bigint::numeric), 0)::text
       FROM (SELECT md5(t::text) AS h FROM ONLY {} t) hashed"""
)

Tables = dict[str, tuple[int, str]]  # "schema.table": rows, checksum


def one_way(connection: "Connection[Any]") -> None:
    """Let this connection write rows the way that checksums expect."""
    for statement in _ONE_WAY:
        connection.execute(statement)


def read(connection: "Connection[Any]") -> Tables:
    """Return rows and checksum of every table, as this connection's transaction sees them.

    The checksum adds up the MD5 of every row, so the order of rows does not matter, nothing is sorted, and a
    row that is there twice counts twice. It finds accidents; against forgers there is the manifest's SHA-256.

    Raises:
        Stopped: this process was asked to leave.
    """
    with leaving.ending(connection.cancel):
        return {
            f"{schema}.{table}": _table(connection, schema, table)
            for schema, table in connection.execute(_TABLES)
        }


def _table(connection: "Connection[Any]", schema: str, table: str) -> tuple[int, str]:
    programs.check()
    try:
        row = connection.execute(_SUM.format(sql.Identifier(schema, table))).fetchone()
    except errors.QueryCanceled:
        programs.check()
        raise
    assert row is not None
    rows, first, second = row
    return int(rows), hashlib.md5(f"{rows} {first} {second}".encode(), usedforsecurity=False).hexdigest()


def differences(*, expected: Tables, found: Tables) -> list[str]:
    """Return in words what is not the same, table by table; empty: the two are equal, row for row."""
    told = []
    for name in sorted({*expected, *found}):
        before, after = expected.get(name), found.get(name)
        if before is None or after is None:
            told.append(f"{name} is {'missing' if after is None else 'new'}")
        elif before[0] != after[0]:
            told.append(f"{name} has {after[0]} rows instead of {before[0]}")
        elif before[1] != after[1]:
            told.append(f"{name} has other contents")
    return told
