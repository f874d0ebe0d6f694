import threading
import time

import pytest
import redis
from django.db import connection

from commerce.events import types
from commerce.events.models import OutboxEvent
from workers import deliveries, health, schedule
from workers.models import Delivery, RelayState, Schedule
from workers.relay import Relay
from workers.schedule import JOBS
from workers.tests.factories import age, delivery, handler, paid_fact

pytestmark = pytest.mark.usefixtures("committed")
HANDLER = handler(lambda _fact, _context: None)
ROUTES = {types.OrderPaid.name: (HANDLER,)}


def relay(client: "redis.Redis", sent: list) -> Relay:
    return Relay(client=client, enqueue=lambda queue, ids: sent.append((queue, tuple(ids))), routes=ROUTES)


@pytest.fixture(autouse=True)
def no_clock(monkeypatch):
    """A minute that begins during a test would be one thing more to do."""
    monkeypatch.setattr(schedule, "fire_due", lambda *, now: 0)


def nobody() -> "redis.Redis":
    return redis.Redis.from_url("redis://127.0.0.1:9/1")


def test_one_turn_carries_a_fact_to_the_workers_and_the_next_has_nothing_to_do(valkey):
    sent = []
    paid_fact()
    loop = relay(valkey, sent)

    assert loop.turn() == 2  # one event, one delivery
    assert loop.turn() == 0

    assert sent == [("db", (Delivery.objects.get().pk,))]
    assert set(Schedule.objects.values_list("name", flat=True)) == set(JOBS)
    assert RelayState.objects.get().heartbeat_at is not None


def test_without_redis_facts_still_become_deliveries_and_go_when_it_is_back(valkey):
    sent = []
    paid_fact()
    assert relay(nobody(), sent).turn() == 1
    assert (Delivery.objects.get().dispatches, sent) == (0, [])

    assert relay(valkey, sent).turn() == 1

    assert sent == [("db", (Delivery.objects.get().pk,))]


def test_a_flushed_redis_gets_its_messages_again_at_once(valkey):
    sent = []
    paid_fact()
    loop = relay(valkey, sent)
    loop.turn()
    valkey.flushall()

    loop.turn()

    assert len(sent) == 2


def test_what_a_vanished_worker_held_is_sent_again(valkey):
    sent = []
    row = delivery(HANDLER)
    deliveries.claim(ids=[row.pk], lease=60)
    age(61)

    relay(valkey, sent).turn()

    assert sent == [("db", (row.pk,))]
    assert Delivery.objects.get().lost_leases == 1


def test_a_turn_forgets_the_kick_before_it_looks(valkey):
    valkey.set("relay:kick", 1)
    valkey.lpush("relay:wake", 1, 1, 1)

    relay(valkey, []).turn()

    assert valkey.exists("relay:kick", "relay:wake") == 0


def test_the_loop_survives_the_loss_of_its_database_connection(valkey):
    sent = []
    loop = relay(valkey, sent)
    thread = threading.Thread(target=lambda: (loop.run(), connection.close()))
    thread.start()
    try:
        _until(lambda: RelayState.objects.exclude(heartbeat_at=None).exists())
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()"""
            )
        paid_fact()
        _until(lambda: sent)
    finally:
        loop.stop()
        thread.join(timeout=10)

    assert sent == [("db", (Delivery.objects.get().pk,))]
    assert not thread.is_alive()
    assert OutboxEvent.objects.get().fanned_out_at is not None


def test_health_counts_what_waits(valkey):
    assert health.lag()["relay"] is None
    row = delivery(HANDLER)
    paid_fact(order_id=2)
    age(100)
    Delivery.objects.create(event=row.event, handler="test.dead", queue="db", state=4)
    relay(nobody(), []).turn()
    OutboxEvent.objects.filter(aggregate_id="2").update(fanned_out_at=None)

    lag = health.lag()

    assert 0 <= lag["relay"] < 30
    assert lag["due"] >= 100
    assert lag["outbox"] >= 0
    assert lag["dead"] == 1
    assert health.late(lag)
    assert not health.late({"relay": 1.0, "outbox": 0.0, "due": 3.0, "dead": 0})
    assert health.late({"relay": None, "outbox": 0.0, "due": 0.0, "dead": 0})


def test_health_sees_workers_that_take_nothing_although_messages_are_sent(valkey):
    delivery(HANDLER)
    loop = relay(valkey, [])
    for _sending in range(2):
        loop.turn()
        age(121 if _sending == 0 else 10)

    assert Delivery.objects.get().dispatches == 2
    assert 130 <= health.lag()["due"] < 200


def _until(condition) -> None:
    ends = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)
