"""Make a backup: one snapshot of the database, the files, and last the manifest that makes them count."""

import contextlib
import logging
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from workers.backup import manifest as manifests
from workers.backup import media, programs, sealing, tables
from workers.backup.manifest import Manifest, Media, Part
from workers.backup.options import Options
from workers.backup.refusals import BackupFailed, Busy, Corrupted, DatabaseAway, DestinationAway, Unknown
from workers.backup.stores import Store, store

logger = logging.getLogger(__name__)
LOCK = 0x6D617275_0B  # of the database: whoever has it makes backups and removes old ones


@contextlib.contextmanager
def alone(*, options: Options) -> "Iterator[psycopg.Connection[Any]]":
    """Open a connection that holds the lock of backups.

    Raises:
        Busy: somebody else has it.
        DatabaseAway: PostgreSQL does not answer, or stops answering within the block.
    """
    with contextlib.closing(programs.connect(options.database)) as connection:
        try:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
            if not row or not row[0]:
                raise Busy("Another backup is running; this one did nothing.")
            yield connection
        except psycopg.OperationalError as error:
            raise DatabaseAway(f"The database {options.database.name} stopped answering: {error}") from error


def make(*, options: Options, storages: media.Storages, now: datetime) -> Manifest:
    """Write a complete backup and return its manifest. If anything fails nothing is left that looks like one.

    Raises:
        Busy: another backup is running.
        BackupFailed: its other kinds, each with its reason.
    """
    where, pg_dump = store(options), programs.program("pg_dump", options=options)
    name, began = manifests.name_of(now), time.monotonic()
    with alone(options=options) as connection, where.workshop() as workshop:
        if name in manifests.names(store=where):
            raise Busy(f"There is a backup called {name} already.")
        dumped = f"{manifests.FOLDER}/{name}/database.dump{'.age' if options.recipients else ''}"
        listed = f"{manifests.FOLDER}/{name}/media.json.gz"
        try:
            dump, found = _database(connection, pg_dump, options, name=dumped, at=workshop)
            where.put(name=dumped, path=workshop / "database")
            files = _media(where, options, storages, workshop)
            made = Manifest(
                name=name,
                made_at=now.isoformat(),
                seconds=round(time.monotonic() - began, 2),
                sealed_as=options.sealed_as,
                **_described(connection),
                dump=dump,
                tables=found,
                media=None if files is None else _listed(where, files, name=listed, at=workshop),
                media_files=len(files or ()),
                media_bytes=sum(item.size for item in files or ()),
            )
            manifests.write(store=where, manifest=made, workshop=workshop)
        except BaseException:
            _take_back(where, [dumped, listed])
            raise
    return made


def _database(
    connection: "psycopg.Connection[Any]", pg_dump: str, options: Options, *, name: str, at: Path
) -> tuple[Part, tables.Tables]:
    """Dump the database and count its rows, both in the same snapshot."""
    tables.one_way(connection)
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    snapshot = str(connection.execute("SELECT pg_export_snapshot()").fetchone()[0])  # type: ignore[index]
    argv = [
        pg_dump,
        "--format=custom",
        "--compress=6",
        "--no-password",
        "--lock-wait-timeout=60000",
        f"--snapshot={snapshot}",
        f"--dbname={options.database.conninfo()}",
    ]
    with (at / "database").open("wb") as file, programs.output(argv, server=options.database) as dump:
        meter = sealing.Meter(file)
        sealing.seal(source=dump, target=meter, recipients=options.recipients)
    found = tables.read(connection)
    connection.execute("COMMIT")
    return Part(name=name, size=meter.size, sha256=meter.sha256), found


def _described(connection: "psycopg.Connection[Any]") -> dict[str, Any]:
    """Return what a database must be made with to hold the same."""
    row = connection.execute(
        """SELECT current_setting('server_version'), pg_encoding_to_char(encoding), datcollate, datctype
           FROM pg_catalog.pg_database WHERE datname = current_database()"""
    ).fetchone()
    return dict(zip(("server", "encoding", "collate", "ctype"), row or (), strict=True))


def _media(where: Store, options: Options, storages: media.Storages, workshop: Path) -> list[Media] | None:
    if not options.media:
        return None
    return media.sync(
        store=where, options=options, storages=storages, previous=_last(where, options), workshop=workshop
    )


def _last(where: Store, options: Options) -> list[Media]:
    """Return the files of the last backup; when that cannot be read, everything is read anew."""
    try:
        last = manifests.read(store=where)
        return manifests.read_media(store=where, manifest=last) if last.sealed_as == options.sealed_as else []
    except Unknown:
        return []
    except Corrupted:
        logger.exception("the last backup is damaged: all files are read again")
        return []


def _listed(where: Store, files: list[Media], *, name: str, at: Path) -> Part:
    path = at / "media.json.gz"
    manifests.write_media(path=path, files=files)
    meter = sealing.Meter()
    with path.open("rb") as file:
        sealing.copy(file, meter)
    where.put(name=name, path=path)
    return Part(name=name, size=meter.size, sha256=meter.sha256)


def _take_back(where: Store, names: list[str]) -> None:
    """Remove what was written; what stays has no manifest, counts for nothing and goes with the next backup."""
    with contextlib.suppress(DestinationAway, BackupFailed, OSError):
        where.delete(names=names)
