"""Handlers see the newest version only; what cannot be read is dead at once, not tried for ever."""

import dataclasses
import json
from typing import ClassVar

import pytest
from django.db import connection, transaction

from commerce.events import base, outbox, types, upcasting
from commerce.events.models import OutboxEvent
from commerce.events.schema import InvalidFact
from workers import actors, fanout
from workers.jobs import QUEUES, Fact
from workers.models import Delivery, DeliveryAttempt
from workers.tests.factories import NOW, delivery, handler, paid_fact

pytestmark = pytest.mark.usefixtures("committed")
DB = QUEUES["db"]


def run(row: Delivery, function) -> Delivery:
    handler_ = handler(function)
    actors.run(ids=[row.pk], queue=DB, handlers={handler_.name: handler_})
    row.refresh_from_db()
    return row


def cancelled(*, version: int, payload: dict) -> Delivery:
    """Store a cancellation as an older release stored it."""
    handler_ = handler(print)
    with transaction.atomic():
        outbox.record(
            types.OrderCancelled(order_id=8, number="8", reason="refunded", by="provider", occurred_at=NOW)
        )
    OutboxEvent.objects.update(version=version, payload=payload)
    assert fanout.fan_out(routes={types.OrderCancelled.name: (handler_,)}) == 1
    return Delivery.objects.get()


def test_a_handler_reads_a_fact_as_its_class():
    row, seen = delivery(handler(print), order_id=8), []

    run(row, lambda fact, _context: seen.append(fact.read(types.OrderPaid)))

    assert seen == [
        types.OrderPaid(order_id=8, number="20261124-0000008", total=1000, currency="KRW", occurred_at=NOW)
    ]


def test_a_handler_sees_an_old_fact_as_if_it_were_new():
    row, seen = cancelled(version=1, payload={"order_id": 8, "number": "8", "reason": "refunded"}), []

    assert run(row, lambda fact, _context: seen.append(fact)).state == 3

    assert (seen[0].version, seen[0].payload["by"]) == (2, "provider")
    assert seen[0].read(types.OrderCancelled).by == "provider"
    stored = OutboxEvent.objects.get()
    assert (stored.version, "by" in stored.payload) == (1, False)  # what was recorded stays as it was


def test_a_newer_fact_is_left_to_a_newer_worker_until_it_comes(monkeypatch):
    """What a rolling deploy does: the new release records version 2 while this worker still knows version 1."""
    row, seen = cancelled(version=2, payload={"order_id": 8, "number": "8", "reason": "x", "by": "staff"}), []

    @dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
    class OldCancelled(base.Event):
        name: ClassVar[str] = "order.cancelled"
        aggregate: ClassVar[tuple[str, str]] = ("order", "order_id")
        order_id: int
        number: str
        reason: str

    with monkeypatch.context() as old:
        old.setattr(base.FACTS, "_known", {"order.cancelled": OldCancelled})
        released = run(row, lambda fact, _context: seen.append(fact))
        assert (released.state, released.attempts, seen) == (0, 0, [])

    assert run(row, lambda fact, _context: seen.append(fact.read(types.OrderCancelled).by)).state == 3
    assert seen == ["staff"]


def test_a_fact_with_a_field_that_this_worker_does_not_know_is_read_without_it():
    row, seen = delivery(handler(print), order_id=8), []
    payload = OutboxEvent.objects.get().payload | {"added_later": 1}
    OutboxEvent.objects.update(payload=payload)

    assert run(row, lambda fact, _context: seen.append(fact.read(types.OrderPaid).total)).state == 3

    assert seen == [1000]


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({}, "order.paid: order_id is missing"),
        ([], "order.paid: the payload is no object"),
        ("text", "order.paid: the payload is no object"),
        (None, "order.paid: the payload is no object"),
        ({"order_id": "8", "number": "8", "total": 1, "currency": "KRW"}, "order_id must be int"),
        ({"order_id": 8, "number": None, "total": 1, "currency": "KRW"}, "number must be str"),
        ({"order_id": 8, "number": "8", "total": 1.5, "currency": "KRW"}, "total must be int"),
    ],
)
@pytest.mark.parametrize("kind", ["db", "external"])
def test_a_payload_that_somebody_edited_is_dead_at_once_and_says_why(payload, why, kind):
    row, seen = delivery(handler(print)), []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE commerce_outboxevent SET payload = %s::jsonb", [json.dumps(payload)])
    broken = handler(lambda fact, _context: seen.append(fact), kind=kind)

    actors.run(ids=[row.pk], queue=DB, handlers={broken.name: broken})

    row.refresh_from_db()
    assert (row.state, row.attempts, seen) == (4, 1, [])
    assert why in row.last_error
    assert "Permanent" in DeliveryAttempt.objects.get().error


def test_an_old_payload_that_its_step_cannot_read_is_dead_at_once_too():
    row = run(cancelled(version=1, payload={"order_id": 8, "number": "8"}), print)

    assert (row.state, row.attempts) == (4, 1)
    assert "version 1 cannot be read" in row.last_error


def test_one_unreadable_fact_of_a_batch_keeps_no_other_back():
    handler_ = handler(lambda _fact, _context: None)
    rows = [delivery(handler_, order_id=number) for number in (1, 2, 3)]
    OutboxEvent.objects.filter(pk=rows[1].event_id).update(payload={"order_id": "two"})

    assert actors.run(ids=[row.pk for row in rows], queue=DB, handlers={handler_.name: handler_}) == 2

    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == [3, 4, 3]


def test_a_dead_fact_that_was_repaired_by_hand_runs():
    row, seen = delivery(handler(print), order_id=8), []
    good = OutboxEvent.objects.get().payload
    OutboxEvent.objects.update(payload={})
    assert run(row, print).state == 4

    OutboxEvent.objects.update(payload=good)
    Delivery.objects.update(state=0, attempts=0)  # as replay does

    assert run(row, lambda fact, _context: seen.append(fact.read(types.OrderPaid).order_id)).state == 3
    assert seen == [8]


def test_a_handler_that_reads_another_fact_than_it_is_routed_to_is_told_so():
    paid_fact(8)
    stored = OutboxEvent.objects.get()
    fact = Fact(
        pk=stored.pk,
        event_id=stored.event_id,
        type=stored.type,
        version=1,
        payload=stored.payload,
        occurred_at=NOW,
        correlation_id=stored.correlation_id,
        trace={},
    )

    with pytest.raises(TypeError, match="order.paid is read as order.cancelled"):
        fact.read(types.OrderCancelled)
    with pytest.raises(InvalidFact):
        dataclasses.replace(fact, payload={}).read(types.OrderPaid)
    assert upcasting.STEPS.newest(kind=types.OrderPaid, version=1, payload=fact.payload) == fact.payload
