"""PostgreSQL cut off under load. What a producer was told survives, effects happen once, nobody has to restart."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import Error, connection, connections

from tools.local.postgres import Postgres, program
from workers.models import Delivery
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
                cursor.execute("TRUNCATE chaos_effect, commerce_outboxevent, workers_delivery CASCADE")
            yield
        finally:
            connection.close()
            settings.update(before)


class Producer(threading.Thread):
    """Records facts one after another; what was not acknowledged it gives up."""

    def __init__(self, world: World, *, count: int) -> None:
        super().__init__()
        self._world, self._count = world, count
        self.refused = 0

    def run(self) -> None:
        for n in range(self._count):
            try:
                self._world.emit(n, how="flaky" if n % 20 == 0 else "")
            except Error:
                self.refused += 1
                connection.close()
                time.sleep(0.05)
        connection.close()


@pytest.mark.parametrize("fault", ["restart", "backends"])
def test_what_was_acknowledged_survives_and_happens_once(world: World, cluster: Postgres, fault: str):
    processes = [world.relay(), world.worker(), world.worker()]
    producer = Producer(world, count=300)
    producer.start()
    until(lambda: len(world.acknowledged) > 60 and Delivery.objects.filter(state=3).exists())

    if fault == "restart":
        cluster.kill()
        cluster.start()
    else:
        _terminate_everybody(cluster)
    producer.join()
    connection.close()

    assert producer.refused > 0
    assert world.settle() == Verdict()
    assert len(world.acknowledged) + producer.refused == 300
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


def _terminate_everybody(cluster: Postgres) -> None:
    with psycopg.connect(cluster.url) as admin:
        ended = admin.execute(
            """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        ).fetchone()
    assert ended is not None and ended[0] >= 3  # producer, relay, workers
