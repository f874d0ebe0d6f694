"""A release migrates beside shoppers and beside another release: real processes, real locks, a database of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import psycopg
import pytest
from django.conf import settings

from config.env import ROOT
from tools.local.ports import free_port

NAME = "maru_releases"
COMMAND = (sys.executable, "manage.py")
QUICKLY = ("--lock-timeout", "0.3", "--pause", "0.2")


class Database:
    """A throw-away database on the server of the tests."""

    def __init__(self, name: str = "", *, like: str = "template1") -> None:
        found = settings.DATABASES["default"]
        user = f"{found['USER']}:{found['PASSWORD']}" if found["PASSWORD"] else found["USER"]
        self._server = f"postgres://{user}@{found['HOST']}:{found['PORT']}"
        self._like = like
        self.name = f"{NAME}_{os.getpid()}{name}"
        self.url = f"{self._server}/{self.name}"

    def __enter__(self) -> Self:
        self.drop()
        self._do(f"CREATE DATABASE {self.name} TEMPLATE {self._like}")
        return self

    def __exit__(self, *_error: object) -> None:
        self.drop()

    def drop(self) -> None:
        self._do(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _do(self, sql: str) -> None:
        with psycopg.connect(f"{self._server}/postgres", autocommit=True) as connection:
            connection.execute(sql)

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        own = {"DJANGO_SETTINGS_MODULE": "config.tests.releases.settings", "DATABASE_URL": self.url}
        return subprocess.Popen(
            [*COMMAND, *arguments],
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", **own, **environment},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        return ended(self.start(*arguments, **environment))

    def columns(self) -> list[str]:
        return [
            str(row[0])
            for row in self.ask(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'parcel'"
            )
        ]

    def applied(self) -> list[str]:
        found = self.ask("SELECT name FROM django_migrations WHERE app = 'releases' ORDER BY id")
        return [str(row[0]) for row in found]

    def ask(self, sql: str, *, patience: int = 0) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"SET statement_timeout = {patience}")
            return connection.execute(sql).fetchall()

    @contextmanager
    def shopper(self) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
        """Somebody who has read the table and does not end the transaction."""
        with psycopg.connect(self.url, application_name="a shopper") as connection:
            connection.execute("SELECT * FROM parcel")
            yield connection


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    out, errors = process.communicate(timeout=60)
    return process.returncode, out + errors


@pytest.fixture(scope="module")
def first_release() -> Iterator[str]:
    with Database("_first") as found:
        assert found.run("migrate", "releases", "0001_table")[0] == 0
        yield found.name


@pytest.fixture
def database(first_release: str) -> Iterator[Database]:
    with Database(like=first_release) as found:
        yield found


def until_it_waits(database: Database) -> None:
    """Wait until a process stands behind the shopper's lock."""
    ends = time.monotonic() + 30
    while not database.ask(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ):
        assert time.monotonic() < ends, "nobody waits for the lock"
        time.sleep(0.02)


def test_a_busy_table_stops_the_release_and_nobody_else(database: Database) -> None:
    with database.shopper():
        code, said = database.run("migrate_safely", *QUICKLY, "--tries", "2")
        assert database.ask("SELECT count(*) FROM parcel", patience=1000) == [(0,)]

    assert code == 1
    assert "Try 2 of 2: a table was busy for more than 0.3 s" in said
    assert "(a shopper), idle in transaction" in said
    assert "Gave up after 2 tries" in said
    assert "Not applied: releases.0002_column, releases.0003_index" in said
    assert "Traceback" not in said
    assert (database.columns(), database.applied()) == (["id"], ["0001_table"])


def test_twin_plain_migrate_waits_and_shoppers_wait_behind_it(database: Database) -> None:
    with database.shopper() as shopper:
        plain = database.start("migrate", "releases", "0002")
        until_it_waits(database)

        with pytest.raises(psycopg.errors.QueryCanceled):
            database.ask("SELECT count(*) FROM parcel", patience=300)

        shopper.rollback()
        assert ended(plain)[0] == 0


def test_a_table_that_becomes_free_is_changed_by_a_later_try(database: Database) -> None:
    with database.shopper() as shopper:
        release = database.start("migrate_safely", *QUICKLY, "--tries", "30")
        until_it_waits(database)
        time.sleep(0.4)  # beyond the first try
        shopper.rollback()
        _code, said = ended(release)

    assert "Try 1 of 30" in said
    assert database.applied() == ["0001_table", "0002_column", "0003_index"]
    assert "weight" in database.columns()


def test_an_index_that_could_not_be_finished_is_made_by_a_later_try(database: Database) -> None:
    database.run("migrate", "releases", "0002")
    with database.shopper() as shopper:
        shopper.execute("INSERT INTO parcel VALUES (1)")
        release = database.start("migrate_safely", *QUICKLY, "--tries", "30")
        until_it_waits(database)
        time.sleep(0.4)
        shopper.rollback()
        _code, said = ended(release)

    assert "Dropping the unfinished index parcel_weight" in said
    assert database.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'parcel_weight'::regclass") == [
        (True,)
    ]


def test_a_migration_that_fails_half_way_leaves_nothing_of_itself(database: Database) -> None:
    code, said = database.run("migrate_safely")

    assert code == 1
    assert "A migration failed: division by zero. Not applied: releases.0004_fails." in said
    assert "Traceback" not in said
    assert database.applied() == ["0001_table", "0002_column", "0003_index"]
    assert "height" not in database.columns()


def test_a_list_of_migrations_with_a_gap_is_told_in_a_sentence(database: Database) -> None:
    database.run("migrate", "releases", "0002")
    database.ask("DELETE FROM django_migrations WHERE name = '0001_table' RETURNING id")

    code, said = database.run("migrate_safely")

    assert code == 1
    assert "releases.0002_column is applied before its dependency releases.0001_table" in said
    assert "Nothing was done; what runs keeps running." in said
    assert "Traceback" not in said
    assert database.applied() == ["0002_column"]


def test_of_two_releases_at_once_one_waits_and_finds_it_done(database: Database) -> None:
    racing = [database.start("migrate_safely") for _ in range(2)]
    said = [ended(process)[1] for process in racing]

    assert sum("Another release is migrating" in one for one in said) == 1
    assert sum("Applying releases.0002_column... OK" in one for one in said) == 1
    assert all("already exists" not in one for one in said)
    assert database.applied() == ["0001_table", "0002_column", "0003_index"]


def test_twin_two_plain_migrations_at_once_collide(database: Database) -> None:
    racing = [database.start("migrate", "releases", "0002") for _ in range(2)]

    results = [ended(process) for process in racing]

    assert sorted(code != 0 for code, _said in results) == [False, True]
    assert any("already exists" in said for _code, said in results)


def test_a_release_that_takes_too_long_is_not_waited_for(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(7261150520)")
        code, said = database.run("migrate_safely", "--turn", "0.5")

    assert code == 1
    assert "Another release has been migrating for more than" in said
    assert database.applied() == ["0001_table"]


def test_the_plan_changes_nothing(database: Database) -> None:
    code, said = database.run("migrate_safely", "--plan")

    assert (code, said.splitlines()[-3:]) == (
        0,
        ["releases.0002_column", "releases.0003_index", "releases.0004_fails"],
    )
    assert database.applied() == ["0001_table"]


def test_migrations_go_past_the_pooler(database: Database) -> None:
    nowhere = f"postgres://shop@127.0.0.1:{free_port()}/shop"

    code, said = database.run(
        "migrate_safely", "--plan", DATABASE_URL=nowhere, DIRECT_DATABASE_URL=database.url
    )

    assert (code, "releases.0002_column" in said) == (0, True)


@pytest.mark.parametrize("command", [("migrate_safely",), ("wait_for_services", "database")])
def test_without_a_database_the_release_ends_with_a_sentence(command: tuple[str, ...]) -> None:
    port = free_port()

    code, said = Database().run(
        *command, "--seconds", "0.2", DATABASE_URL=f"postgres://shop:hush@127.0.0.1:{port}/shop"
    )

    assert code == 1
    assert f"database at 127.0.0.1:{port} did not answer within 0.2 s" in said
    assert "hush" not in said
    assert "Traceback" not in said


def test_who_waits_for_the_cache_is_told_where_it_should_be() -> None:
    port = free_port()

    code, said = Database().run(
        "wait_for_services", "cache", "--seconds", "0.2", REDIS_URL=f"redis://:hush@127.0.0.1:{port}/0"
    )

    assert code == 1
    assert f"cache at 127.0.0.1:{port} did not answer within 0.2 s" in said
    assert "hush" not in said


def test_servers_that_answer_are_waited_for_no_longer() -> None:
    url = settings.CACHE_URL

    code, said = Database().run("wait_for_services", "cache", "broker", REDIS_URL=url)

    assert (code, said.splitlines()) == (0, ["cache answers", "broker answers"])
