"""Bring a backup back beside what runs, prove that it is the same, and only then change places."""

import contextlib
import logging
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection, sql

from workers.backup import manifest as manifests
from workers.backup import programs, sealing, tables
from workers.backup.manifest import Manifest
from workers.backup.options import Options, Server
from workers.backup.refusals import BackupFailed, Corrupted, DatabaseAway, Different, Unknown
from workers.backup.stores import Store, told

logger = logging.getLogger(__name__)
JOBS = 2  # tables that are restored at a time


@contextlib.contextmanager
def opened(*, store: Store, manifest: Manifest, options: Options) -> Iterator[Path]:
    """Give the dump in plain, after every check that needs no database; it is removed afterwards.

    Raises:
        Corrupted: the file is not what was written, or no archive.
        WrongKey: it cannot be decrypted.
        ToolMissing: there is no pg_restore.
    """
    pg_restore = programs.program("pg_restore", options=options)
    place = options.spool or tempfile.gettempdir()
    with (
        told(place),
        tempfile.TemporaryDirectory(prefix="maru-restore-", dir=options.spool or None) as folder,
    ):
        stored, plain = Path(folder) / "stored", Path(folder) / "plain"
        _fetch(store, manifest, stored)
        if manifest.sealed_as == "plain":
            plain = stored
        else:
            with stored.open("rb") as source, plain.open("wb") as target:
                sealing.unseal(source=source, target=sealing.Meter(target), options=options)
            stored.unlink()
        try:
            programs.run([pg_restore, "--list", str(plain)])
        except BackupFailed as error:
            raise Corrupted(f"The dump of {manifest.name} is no archive: {error}") from error
        yield plain


def _fetch(store: Store, manifest: Manifest, path: Path) -> None:
    try:
        with store.open(name=manifest.dump.name) as source, path.open("wb") as target:
            meter = sealing.Meter(target)
            sealing.copy(source, meter)
    except Unknown as error:
        raise Corrupted(f"The dump of {manifest.name} is missing.") from error
    if (meter.size, meter.sha256) != (manifest.dump.size, manifest.dump.sha256):
        raise Corrupted(
            f"{manifest.dump.name} is not what was written: its SHA-256 differs. Nothing was restored."
        )


def restore(
    *, plain: Path, manifest: Manifest, options: Options, server: Server, into: str, privileges: bool = False
) -> None:
    """Create the database `into` on a server, fill it, and compare it row by row with the backup.

    `privileges`: also what was granted to other roles, which must exist.

    Raises:
        BackupFailed: the database exists, cannot be made or filled.
        Different: it is not the same; it stays for whoever wants to look.
    """
    pg_restore = programs.program("pg_restore", options=options)
    with contextlib.closing(programs.connect(server, name="postgres")) as connection:
        _create(connection, into, manifest)
    argv = [
        pg_restore,
        "--exit-on-error",
        "--no-owner",
        *(() if privileges else ("--no-privileges",)),
        "--no-password",
        f"--jobs={JOBS}",
        f"--dbname={server.conninfo(name=into)}",
        str(plain),
    ]
    programs.run(argv, server=server)
    with contextlib.closing(programs.connect(server, name=into)) as connection:
        _compare(connection, manifest, into)
        connection.execute("ANALYZE")


def _create(connection: "Connection[Any]", name: str, manifest: Manifest) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}")
    words = (sql.Literal(word) for word in (manifest.encoding, manifest.collate, manifest.ctype))
    try:
        connection.execute(statement.format(sql.Identifier(name), *words))
    except psycopg.errors.DuplicateDatabase as error:
        raise BackupFailed(
            f"The database {name} exists already: choose another name, or drop it yourself."
        ) from error
    except psycopg.Error as error:
        raise BackupFailed(f"The database {name} cannot be created: {error}") from error


def _compare(connection: "Connection[Any]", manifest: Manifest, into: str) -> None:
    tables.one_way(connection)
    told_ = tables.differences(expected=manifest.tables, found=tables.read(connection))
    if told_:
        raise Different(f"{into} is not what was backed up: {'; '.join(told_[:10])}.")


def swap(*, server: Server, restored: str, now: datetime) -> str:
    """Let the restored database take the name of the shop's, in one transaction; return the old one's new name.

    Nothing is dropped. Connections to both are cut: processes of the shop reconnect by themselves.

    Raises:
        BackupFailed: the names could not be changed; everything is called as before.
    """
    live, before = server.name, f"{server.name}_before_{manifests.name_of(now).lower()}"[:63]
    with contextlib.closing(programs.connect(server, name="postgres")) as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [live]).fetchone()
        shut = [name for name in (live if exists else "", restored) if name]
        try:
            for name in shut:
                _admit(connection, name, False)
                _cut(connection, name)
            with connection.transaction():
                if exists:
                    _rename(connection, live, before)
                _rename(connection, restored, live)
        except psycopg.Error as error:
            for name in shut:
                with contextlib.suppress(psycopg.Error):
                    _admit(connection, name, True)
            raise BackupFailed(f"The databases could not change places: {error}") from error
        for name in (before, live) if exists else (live,):
            _admit(connection, name, True)
    return before if exists else ""


def _admit(connection: "Connection[Any]", name: str, welcome: bool) -> None:
    connection.execute(
        sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
            sql.Identifier(name), sql.SQL("true" if welcome else "false")
        )
    )


def _cut(connection: "Connection[Any]", name: str) -> None:
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name]
    )


def _rename(connection: "Connection[Any]", name: str, new: str) -> None:
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new))
    )


def sweep(*, server: Server, prefix: str, now: datetime) -> None:
    """Remove what drills left behind that were killed more than a day ago."""
    with contextlib.closing(programs.connect(server, name="postgres")) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        ).fetchall()
    for name in (str(row[0]) for row in rows):
        with contextlib.suppress(ValueError):  # somebody else's
            if now - manifests.moment(name.removeprefix(prefix).upper()) > timedelta(days=1):
                drop(server=server, name=name)


def drop(*, server: Server, name: str) -> None:
    """Remove a database that a drill made; a failure is told, not raised."""
    try:
        with contextlib.closing(programs.connect(server, name="postgres")) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
    except (psycopg.Error, DatabaseAway):
        logger.exception("the drill's database %s could not be removed", name)
