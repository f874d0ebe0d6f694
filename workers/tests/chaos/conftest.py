"""Servers that may die, and the processes that must survive it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.db import connection

from tools.local.valkey import Valkey
from workers.tests.chaos import oracle
from workers.tests.chaos.world import World, Zygote


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.chaos)


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    process = Zygote(log=tmp_path_factory.mktemp("zygote") / "log")
    yield process
    process.leave()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey that keeps nothing and may be killed; a restart keeps its address."""
    valkey = Valkey(home=tmp_path / "valkey", env=os.environ, throw_away=True)
    valkey.start()
    yield valkey
    valkey.stop()


@pytest.fixture
def client(server: Valkey) -> "Iterator[redis.Redis]":
    with redis.Redis.from_url(broker_url(server)) as client:
        yield client


@pytest.fixture
def effects(committed: None) -> Iterator[None]:
    """The effect table, empty."""
    with connection.cursor() as cursor:
        cursor.execute(oracle.EFFECTS)
        cursor.execute("TRUNCATE chaos_effect")
        cursor.execute("SET lock_timeout = '30s'")  # a defect may fail a test, never hold it
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE chaos_effect")


@pytest.fixture
def world(effects: None, zygote: Zygote, server: Valkey, tmp_path: Path) -> Iterator[World]:
    world = World(zygote=zygote, folder=tmp_path, broker_url=broker_url(server))
    yield world
    world.close()


def broker_url(server: Valkey) -> str:
    """Return the address of the database that the broker has for itself."""
    return server.url.removesuffix("/0") + "/1"
