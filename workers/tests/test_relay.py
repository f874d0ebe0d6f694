import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commerce.events import types
from commerce.events.models import OutboxEvent
from workers import deliveries, fanout, health, kick, schedule
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
    """A minute that begins during a test would be one thing more to do; nor does an earlier test's Redis count."""
    monkeypatch.setattr(schedule, "fire_due", lambda *, now: 0)
    monkeypatch.setattr(kick, "_closed_again", 0.0)


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
    loop = relay(valkey, sent)

    assert loop.turn() == 1  # taken back
    assert loop.turn() == 1

    assert sent == [("db", (row.pk,))]
    assert Delivery.objects.get().lost_leases == 1


def test_a_turn_forgets_the_kick_before_it_looks(valkey):
    valkey.set("relay:kick", 1)
    valkey.lpush("relay:wake", 1, 1, 1)

    relay(valkey, []).turn()

    assert valkey.exists("relay:kick", "relay:wake") == 0


@pytest.mark.parametrize("forgets", [True, False])
def test_a_commit_after_the_look_wakes_the_relay_although_one_just_did(
    valkey, monkeypatch, settings, forgets
):
    """The second within the second in which kicks are suppressed; without forgetting the first it would wait."""
    loop, look = relay(valkey, []), fanout.waiting

    def late(*, routes) -> bool:
        found = look(routes=routes)
        paid_fact(2)
        kick.kick()
        return found

    paid_fact(1)
    kick.kick()
    valkey.delete("relay:wake")  # as the waiting relay takes it
    monkeypatch.setattr(fanout, "waiting", late)
    if not forgets:
        monkeypatch.setattr(valkey, "delete", lambda *_keys: None)
    loop.turn()

    assert valkey.llen("relay:wake") == (1 if forgets else 0)


def test_a_kick_wakes_a_relay_that_would_not_look_for_a_minute(valkey, monkeypatch):
    monkeypatch.setattr("workers.relay.PAUSE", 60)
    sent = []
    with running(relay(valkey, sent)):
        for n in range(1, 4):
            _until(lambda: valkey.info("clients")["blocked_clients"] == 1)
            paid_fact(n)
            kick.kick()
            _until(lambda n=n: len(sent) == n)


def test_what_another_relay_kept_us_from_is_looked_for_again_soon(valkey, monkeypatch):
    """It fans out what it saw; the wake-up for what came later was ours, and we have taken it."""
    monkeypatch.setattr("workers.relay.PAUSE", 60)
    sent, may_end, holds = [], threading.Event(), threading.Event()

    def other() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [fanout._LOCK])
            holds.set()
            may_end.wait(30)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert holds.wait(30)
    paid_fact()
    loop = relay(valkey, sent)
    assert loop.turn() == 0
    with running(loop):
        may_end.set()
        thread.join(30)
        _until(lambda: sent)


def test_an_idle_turn_asks_four_questions(valkey):
    loop = relay(valkey, [])
    loop.turn()
    before = {name: stats["calls"] for name, stats in valkey.info("commandstats").items()}

    with CaptureQueriesContext(connection) as asked:
        assert loop.turn() == 0

    after = {name: stats["calls"] for name, stats in valkey.info("commandstats").items()}
    assert len(asked) == 4  # facts, what is due, lost leases, replays
    assert {name: n - before.get(name, 0) for name, n in after.items() if n != before.get(name, 0)} == {
        "cmdstat_del": 1,
        "cmdstat_get": 1,
        "cmdstat_info": 1,
    }


def test_the_loop_survives_the_loss_of_its_database_connection(valkey):
    sent = []
    with running(relay(valkey, sent)) as thread:
        _until(lambda: RelayState.objects.exclude(heartbeat_at=None).exists())
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()"""
            )
        paid_fact()
        _until(lambda: sent)

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
    assert not health.late(
        {"relay": 1.0, "outbox": 0.0, "due": 3.0, "schedule": 0.0, "dead": 0, "dead_by_handler": {}}
    )
    assert health.late(
        {"relay": None, "outbox": 0.0, "due": 0.0, "schedule": 0.0, "dead": 0, "dead_by_handler": {}}
    )


def test_health_sees_workers_that_take_nothing_although_messages_are_sent(valkey):
    delivery(HANDLER)
    loop = relay(valkey, [])
    for _sending in range(2):
        loop.turn()
        age(121 if _sending == 0 else 10)

    assert Delivery.objects.get().dispatches == 2
    assert 130 <= health.lag()["due"] < 200


@contextmanager
def running(loop: Relay) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=lambda: (loop.run(), connection.close()))
    thread.start()
    try:
        yield thread
    finally:
        loop.stop()
        loop._client.lpush(kick.WAKE, 1)
        thread.join(timeout=10)


def _until(condition) -> None:
    ends = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)
