"""PostgreSQL cut off under load. What a producer was told survives, effects happen once, nobody has to restart."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import Error, connection, connections

from tools.local.postgres import Postgres
from workers.tests.chaos import oracle
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.world import World, until


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL that may be killed. As in production, what was committed is on the disk."""
    postgres = Postgres(home=tmp_path_factory.mktemp("cluster"), env=os.environ, throw_away=True)
    postgres.start()
    with psycopg.connect(postgres.url, autocommit=True) as admin:
        admin.execute("ALTER DATABASE maru SET synchronous_commit = on")
        admin.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")  # what waits for it is lost for certain
        admin.execute("SELECT pg_reload_conf()")
    yield postgres
    postgres.stop()


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
            call_command("migrate", "workers", verbosity=0)
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
                self._pause()
        connection.close()

    def _pause(self) -> None:
        threading.Event().wait(0.05)


def test_migr(world):
    pass
