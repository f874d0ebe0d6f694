from types import SimpleNamespace

import pytest

from workers import actors, backoff, deliveries
from workers.jobs import QUEUES, Later, Permanent, idempotency_key
from workers.models import Delivery, DeliveryAttempt
from workers.tests.factories import delivery, handler

pytestmark = pytest.mark.usefixtures("committed")
DB = QUEUES["db"]


class Trouble(Exception):
    pass


def fail(_fact, _context):
    raise Trouble("no luck")


def test_waits_grow_threefold_from_five_seconds_to_six_hours():
    assert [backoff.longest(attempt=n) for n in range(1, 13)] == [
        5, 15, 45, 135, 405, 1215, 3645, 10935, 21600, 21600, 21600, 21600,
    ]  # fmt: skip
    assert sum(backoff.longest(attempt=n) for n in range(1, 12)) == 81_200  # at most 22.6 h for twelve tries


def test_the_wait_is_anywhere_between_nothing_and_the_longest():
    assert backoff.wait(attempt=3, random=lambda: 0.0) == 0
    assert backoff.wait(attempt=3, random=lambda: 0.5) == 22.5
    assert backoff.wait(attempt=3, random=lambda: 0.999) == pytest.approx(44.955)


def test_a_failure_waits_in_postgresql_and_says_why(monkeypatch):
    monkeypatch.setattr(actors, "_patience", lambda: 0.8)
    failing = handler(fail)
    row = delivery(failing)

    assert actors.run(ids=[row.pk], queue=DB, handlers={failing.name: failing}) == 0

    row.refresh_from_db()
    assert (row.state, row.attempts, row.claim_token, row.dispatches) == (2, 1, None, 0)
    assert 4 <= (row.available_at - row.created_at).total_seconds() < 60
    assert row.last_error.endswith("Trouble: no luck\n")
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.delivery_id, attempt.n) == (row.pk, 1)
    assert "Trouble: no luck" in attempt.error


def test_poison_is_dead_after_its_last_try_and_the_others_go_on():
    calls = []
    poison = handler(fail, name="test.poison", max_attempts=3)
    good = handler(lambda fact, _context: calls.append(fact.pk), name="test.good")
    known = {poison.name: poison, good.name: good}
    dead, fine = delivery(poison), delivery(good, order_id=2)

    for _try in range(5):
        actors.run(ids=[dead.pk, fine.pk], queue=DB, handlers=known)

    dead.refresh_from_db()
    fine.refresh_from_db()
    assert (dead.state, dead.attempts) == (4, 3)
    assert DeliveryAttempt.objects.filter(delivery=dead).count() == 3
    assert (fine.state, fine.attempts) == (3, 1)
    assert calls == [fine.event_id]


def test_a_permanent_failure_is_dead_at_once():
    def refuse(_fact, _context):
        raise Permanent("no such order")

    refusing = handler(refuse)
    row = delivery(refusing)

    actors.run(ids=[row.pk], queue=DB, handlers={refusing.name: refusing})

    row.refresh_from_db()
    assert (row.state, row.attempts) == (4, 1)


def test_a_failed_handler_leaves_no_database_effect():
    def half(_fact, _context):
        Delivery.objects.update(priority=9)
        raise Trouble

    failing = handler(half)
    row = delivery(failing)

    actors.run(ids=[row.pk], queue=DB, handlers={failing.name: failing})

    row.refresh_from_db()
    assert row.priority == 0
    assert row.state == 2


def test_the_outside_is_called_under_the_same_key_in_every_try_and_without_a_transaction(monkeypatch):
    keys = []

    def call(fact, context):
        assert not deliveries.connection.in_atomic_block
        keys.append(context.idempotency_key)
        if context.attempt < 3:
            raise Trouble

    calling = handler(call, kind="external")
    row = delivery(calling)

    for _try in range(3):
        actors.run(ids=[row.pk], queue=DB, handlers={calling.name: calling})

    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert Delivery.objects.get().state == 3


def test_keys_differ_by_event_and_by_handler():
    row = delivery(handler(fail))
    event_id = row.event.event_id

    assert idempotency_key(event_id=event_id, handler="a") == idempotency_key(event_id=event_id, handler="a")
    assert idempotency_key(event_id=event_id, handler="a") != idempotency_key(event_id=event_id, handler="b")


def test_a_batch_that_ran_long_gives_the_rest_back_untried(monkeypatch):
    clock = iter([0.0, 0.0, 35.0])  # claimed, first one begun, second one looked at
    monkeypatch.setattr(actors, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    quick = handler(lambda _fact, _context: None)
    first, second = delivery(quick), delivery(quick, order_id=2)

    assert actors.run(ids=[first.pk, second.pk], queue=DB, handlers={quick.name: quick}) == 1

    second.refresh_from_db()
    assert (second.state, second.attempts, second.claim_token) == (0, 0, None)


def test_a_handlers_own_delays_count_its_tries_and_keep_their_length(monkeypatch):
    monkeypatch.setattr(actors, "_patience", lambda: 1.0)
    failing = handler(fail, kind="external", delays=(5, 300))
    row = delivery(failing)
    waits = []
    for _try in range(3):
        actors.run(ids=[row.pk], queue=DB, handlers={failing.name: failing})
        row.refresh_from_db()
        waits.append(round((row.available_at - row.claimed_at).total_seconds()))

    assert waits[:2] == [5, 300]
    assert (row.state, row.attempts, failing.tries) == (4, 3, 3)
    assert backoff.wait(attempt=2, random=lambda: 0.0, delays=(5, 300)) == 270


def test_who_is_asked_to_wait_waits_that_long_but_never_for_ever(monkeypatch):
    monkeypatch.setattr(actors, "_patience", lambda: 0.0)

    def busy(_fact, context):
        raise Later("come back", seconds=90 if context.attempt == 1 else 10**9)

    failing = handler(busy, kind="external")
    row = delivery(failing)
    waits = []
    for _try in range(2):
        actors.run(ids=[row.pk], queue=DB, handlers={failing.name: failing})
        row.refresh_from_db()
        waits.append(round((row.available_at - row.claimed_at).total_seconds()))
        Delivery.objects.filter(pk=row.pk).update(available_at=row.created_at)

    assert waits == [90, 86_400]


def test_an_error_with_a_nul_and_a_status_is_written_down():
    def refused(_fact, _context):
        error = RuntimeError("a\0b")
        error.http_status = 502
        raise error

    failing = handler(refused, kind="external")
    row = delivery(failing)

    actors.run(ids=[row.pk], queue=DB, handlers={failing.name: failing})

    row.refresh_from_db()
    attempt = DeliveryAttempt.objects.get()
    assert row.last_error.endswith("RuntimeError: a\ufffdb\n")
    assert (attempt.http_status, attempt.error.count("\ufffd")) == (502, 1)
