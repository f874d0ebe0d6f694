"""PostgreSQL cut off under load. What a producer was told survives, effects happen once, nobody has to restart."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
import redis
from django.db import Error, connection, connections
from django.db.models.functions import Now
from psycopg import sql

from tools.local.postgres import Postgres, program
from workers.models import Delivery, RelayState
from workers.tests.chaos import oracle
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.world import World, until


@pytest.fixture(scope="module")
def cluster(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL that may be killed. As in production, what was committed is on the disk."""
    postgres = Postgres(home=tmp_path_factory.mktemp("cluster"), env=os.environ, throw_away=True)
    postgres.start()
    with psycopg.connect(postgres.url, autocommit=True) as admin:
        admin.execute("ALTER DATABASE maru SET synchronous_commit = on")
        admin.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")  # what waits for it is lost for certain
        admin.execute("SELECT pg_reload_conf()")
    _copy_tables(to=postgres.url)
    yield postgres
    postgres.kill()


def _copy_tables(*, to: str) -> None:
    """Give the cluster the tables of the test database: quicker than to migrate once more."""
    mine = connections.settings["default"]
    login = {"PGUSER": mine["USER"], "PGPASSWORD": mine["PASSWORD"], "PGHOST": mine["HOST"]}
    dump = [program("pg_dump"), "--schema-only", "--no-owner", "--port", str(mine["PORT"]), mine["NAME"]]
    tables = subprocess.run(dump, env={**os.environ, **login}, check=True, capture_output=True).stdout
    restore = [program("psql"), "--quiet", "--set", "ON_ERROR_STOP=1", to]
    subprocess.run(restore, input=tables, check=True, capture_output=True)


@pytest.fixture
def effects(cluster: Postgres, django_db_blocker) -> Iterator[None]:
    """Instead of the shared database: this process and all that it starts use the one that may be killed."""
    mine = psycopg.conninfo.conninfo_to_dict(cluster.url)
    there = {"HOST": mine["host"], "PORT": mine["port"], "NAME": mine["dbname"], "USER": mine["user"]}
    settings = connections.settings["default"]
    before = {name: settings[name] for name in (*there, "PASSWORD")}
    with django_db_blocker.unblock():
        connection.close()
        settings.update(there, PASSWORD=mine["password"])
        try:
            with connection.cursor() as cursor:
                cursor.execute(oracle.EFFECTS)
                cursor.execute(
                    "TRUNCATE chaos_effect, commerce_outboxevent, workers_delivery, workers_relaystate CASCADE"
                )
            yield
        finally:
            connection.close()
            settings.update(before)


class Producer(threading.Thread):
    """Records facts one after another until it is told to finish; what was not acknowledged it gives up."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world, self._over = world, threading.Event()
        self.tried = self.refused = 0

    def run(self) -> None:
        while not self._over.is_set():
            n, self.tried = self.tried, self.tried + 1
            try:
                self._world.emit(n, how="flaky" if n % 20 == 0 else "")
            except Error:
                self.refused += 1
                connection.close()
                time.sleep(0.05)
            time.sleep(0.02)  # workers are to keep up
        connection.close()

    def finish(self) -> None:
        """Let it end, and wait for that."""
        self._over.set()
        self.join()


@pytest.mark.parametrize("fault", ["restart", "backends"])
def test_what_was_acknowledged_survives_and_happens_once(world: World, cluster: Postgres, fault: str):
    processes = [world.relay(), world.worker(), world.worker()]
    producer = Producer(world)
    producer.start()
    try:
        until(lambda: len(world.acknowledged) > 60 and Delivery.objects.filter(state=3).exists())
        if fault == "restart":
            cluster.kill()
            cluster.start()
        else:
            _terminate_everybody(cluster)
        before = len(world.acknowledged)
        until(lambda: producer.refused and len(world.acknowledged) > before + 60)  # it goes on by itself
    finally:
        producer.finish()
    connection.close()

    assert world.settle() == Verdict()
    assert len(world.acknowledged) + producer.refused == producer.tried
    assert [process.code for process in processes] == [None] * 3


@pytest.mark.parametrize(("commits", "forgotten"), [("on", set()), ("off", {0, 1, 2})])
def test_only_a_commit_that_waited_for_the_disk_survives(
    world: World, cluster: Postgres, commits: str, forgotten: set[int]
):
    """With its twin: recording a fact may not borrow the haste of relay and claim."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET synchronous_commit = {commits}")
    for n in range(3):
        world.emit(n)

    cluster.kill()
    connection.close()
    cluster.start()

    assert world.verdict().forgotten == forgotten


@pytest.fixture
def poor(world: World, cluster: Postgres) -> Iterator[Callable[[int], None]]:
    """Let processes log in as somebody who may have few connections, and return what sets how many."""
    name, password = sql.Identifier("poor"), sql.Literal("secret")
    with psycopg.connect(cluster.url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, password))
        for what in ("TABLES", "SEQUENCES"):
            admin.execute(sql.SQL(f"GRANT ALL ON ALL {what} IN SCHEMA public TO {{}}").format(name))
        world.login = {"USER": "poor", "PASSWORD": "secret"}
        try:
            yield lambda limit: admin.execute(
                sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}").format(name, sql.Literal(limit))
            )
        finally:
            world.close()
            admin.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(name))


def _starve(world: World, poor: Callable[[int], None], limit: int, *, facts: int, **environment: str) -> None:
    """Run a relay and a worker of eight threads on `limit` connections until some have got none."""
    poor(limit)
    world.relay(**environment)
    until(lambda: RelayState.objects.filter(heartbeat_at__isnull=False).exists())
    world.worker(threads=8, **environment)
    for n in range(facts):
        world.emit(n)
    until(lambda: "too many connections" in (world.folder / "processes.log").read_text())


@pytest.mark.parametrize("limit", [1, 3])
def test_workers_without_enough_connections_lose_nothing_and_recover_by_themselves(
    world: World, poor: Callable[[int], None], limit: int
):
    """One connection is the relay's: the worker has none. Of three, two of its eight threads have one each."""
    _starve(world, poor, limit, facts=60)
    assert limit > 1 or Delivery.objects.filter(state=3).count() == 0

    poor(20)

    Delivery.objects.filter(state__in=(0, 2)).update(available_at=Now())  # their visibility timeout is over
    assert world.settle() == Verdict()


def test_twin_what_is_sent_once_only_is_lost_with_the_connection(
    world: World, poor: Callable[[int], None], client: "redis.Redis"
):
    _starve(world, poor, 1, facts=5, CHAOS_WITHOUT="visibility")
    until(lambda: not client.hlen("dramatiq:db.msgs"))

    poor(20)
    world.emit(5)

    until(lambda: Delivery.objects.filter(state=3).exists())
    assert world.verdict().open == {(n, "chaos.db") for n in range(5)}


def _terminate_everybody(cluster: Postgres) -> None:
    with psycopg.connect(cluster.url) as admin:
        ended = admin.execute(
            """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        ).fetchone()
    assert ended is not None and ended[0] >= 3  # producer, relay, workers
