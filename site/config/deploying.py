"""Migrate while the shop is open: one release at a time, and never in the way of shoppers for longer than seconds.

A statement that changes a table waits for whoever reads it, and everybody who comes later waits behind that statement.
So each try gives up after `lock_timeout`, lets the others pass, and comes again.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor

logger = logging.getLogger(__name__)
LOCK = 7_261_150_520  # any number, as long as every release has the same
LOCK_NOT_AVAILABLE, DEADLOCK = (
    "55P03",
    "40P01",
)  # https://www.postgresql.org/docs/current/errcodes-appendix.html
IDLE = 300_000  # milliseconds that a migration in Python may think between two statements
Say = Callable[[str], None]


class UnableToMigrate(Exception):
    """The release must stop here; what runs goes on running on the schema as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for what."""

    lock_timeout: float  # seconds that a statement may wait for a lock
    tries: int
    pause: float  # seconds before the second try; doubles with each further one, half of it by chance
    turn: float  # seconds to wait for another release


def migrate_safely(
    *, connection: BaseDatabaseWrapper, migrate: Callable[[], None], patience: Patience, say: Say
) -> None:
    """Run `migrate` under the lock of releases, again and again while a table is busy.

    Raises:
        UnableToMigrate: another release went on for too long, a table stayed busy, a migration failed, or the
            database's list of migrations has gaps.
    """
    with _alone(connection, seconds=patience.turn, say=say):
        for attempt in range(1, patience.tries + 1):
            _set_limits(connection, lock_timeout=patience.lock_timeout)
            before = _invalid_indexes(connection)
            try:
                migrate()
                return
            except InconsistentMigrationHistory as error:
                raise UnableToMigrate(f"{error} Nothing was done; what runs keeps running.") from error
            except DatabaseError as error:
                _clean_up(connection, known=before, say=say)
                if _state(error) not in (LOCK_NOT_AVAILABLE, DEADLOCK):
                    raise UnableToMigrate(_failed(connection, error)) from error
                _report(connection, attempt=attempt, patience=patience, say=say)
            time.sleep(_pause(patience, attempt))
    raise UnableToMigrate(
        f"Gave up after {patience.tries} tries: the tables stayed busy. Not applied: {_names(pending(connection))}. "
        "The release stops here; what runs keeps running. Try again when the transaction named above has ended."
    )


def pending(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the migrations that this code has and the database lacks, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


@contextmanager
def _alone(connection: BaseDatabaseWrapper, *, seconds: float, say: Say) -> Iterator[None]:
    """Hold the lock of releases. It belongs to the session that migrates, and ends with it."""
    ends, told = time.monotonic() + seconds, False
    while not _ask(connection, "SELECT pg_try_advisory_lock(%s)"):
        if time.monotonic() > ends:
            raise UnableToMigrate(
                f"Another release has been migrating for more than {seconds:.0f} s. Nothing was done."
            )
        if not told:
            say("Another release is migrating: waiting for it")
            told = True
        time.sleep(0.2)
    try:
        yield
    finally:
        if connection.is_usable():
            _ask(connection, "SELECT pg_advisory_unlock(%s)")


def _ask(connection: BaseDatabaseWrapper, sql: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [LOCK])
        return bool(cursor.fetchone()[0])


def _set_limits(connection: BaseDatabaseWrapper, *, lock_timeout: float) -> None:
    """Wait briefly for locks, and as long as it takes for the work itself."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {int(lock_timeout * 1000)}")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(f"SET idle_in_transaction_session_timeout = {IDLE}")


def _state(error: DatabaseError) -> str:
    return str(getattr(error.__cause__, "sqlstate", ""))


def _failed(connection: BaseDatabaseWrapper, error: DatabaseError) -> str:
    left = _names(pending(connection)) if connection.is_usable() else "unknown, the connection is gone"
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return (
        f"A migration failed: {reason}. Not applied: {left}. The release stops here; what runs keeps running."
    )


def _invalid_indexes(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        return {str(row[0]) for row in cursor.fetchall()}


def _clean_up(connection: BaseDatabaseWrapper, *, known: set[str], say: Say) -> None:
    """Drop what an interrupted CREATE INDEX CONCURRENTLY left behind: the next try would stumble over its name."""
    if not connection.is_usable():
        return
    for name in sorted(_invalid_indexes(connection) - known):
        say(f"Dropping the unfinished index {name}")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")  # this waits without keeping anybody else waiting
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def _report(connection: BaseDatabaseWrapper, *, attempt: int, patience: Patience, say: Say) -> None:
    say(f"Try {attempt} of {patience.tries}: a table was busy for more than {patience.lock_timeout:g} s.")
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT pid, application_name, state, round(extract(epoch FROM clock_timestamp() - xact_start))
               FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND xact_start IS NOT NULL ORDER BY xact_start LIMIT 3"""
        )
        for pid, name, state, age in cursor.fetchall():
            say(f"  open transaction: process {pid} ({name or 'no name'}), {state}, for {age:.0f} s")


def _pause(patience: Patience, attempt: int) -> float:
    if attempt == patience.tries:
        return 0.0
    longest = patience.pause * 2.0 ** (attempt - 1)
    return longest / 2 + random.random() * longest / 2


def _names(migrations: list[str]) -> str:
    return (
        ", ".join(migrations[:5]) + (f" and {len(migrations) - 5} more" if len(migrations) > 5 else "")
        or "nothing"
    )
