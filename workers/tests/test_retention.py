import uuid
from datetime import timedelta

import pytest

from commerce.checkout.models import IdempotencyKey
from commerce.events.models import OutboxEvent
from workers import retention
from workers.models import Delivery, DeliveryAttempt, HandledEvent, OutboundEmail
from workers.tests.factories import NOW, delivery, handler, paid_fact

pytestmark = pytest.mark.usefixtures("committed")
HANDLER = handler(lambda _fact, _context: None)
OLD, YOUNG = NOW - timedelta(days=31), NOW - timedelta(days=29)


def test_finished_deliveries_are_forgotten_after_a_month_and_open_or_dead_ones_never():
    rows = [delivery(HANDLER, order_id=n) for n in range(5)]
    for row, state, at in zip(rows, (3, 3, 0, 4, 2), (OLD, YOUNG, None, None, None), strict=True):
        Delivery.objects.filter(pk=row.pk).update(state=state, done_at=at, created_at=OLD)

    gone = retention.forget(now=NOW, batch=1)

    assert gone["deliveries"] == 1
    assert set(Delivery.objects.values_list("pk", flat=True)) == {row.pk for row in rows[1:]}
    assert OutboxEvent.objects.count() == 5  # facts live longer than their deliveries


def test_failed_tries_are_forgotten_after_a_month():
    row = delivery(HANDLER)
    for at in (OLD, YOUNG):
        DeliveryAttempt.objects.create(delivery=row, n=1, started_at=at, ms=1, error="no")

    assert retention.forget(now=NOW)["attempts"] == 1

    assert DeliveryAttempt.objects.get().started_at == YOUNG


@pytest.mark.parametrize("passing", ["schedule", "cart"])
def test_facts_go_after_400_days_passing_ones_after_30_and_none_that_a_delivery_needs(passing):
    ages = {1: 401, 2: 399, 3: 401, 4: 31, 5: 29}
    rows = {n: delivery(HANDLER, order_id=n) for n in ages}
    for n, days in ages.items():
        OutboxEvent.objects.filter(pk=rows[n].event_id).update(
            occurred_at=NOW - timedelta(days=days), aggregate_type=passing if n > 3 else "order"
        )
    Delivery.objects.exclude(pk=rows[3].pk).delete()

    gone = retention.forget(now=NOW)

    assert (gone["passing"], gone["events"]) == (1, 1)
    assert set(OutboxEvent.objects.values_list("pk", flat=True)) == {rows[n].event_id for n in (2, 3, 5)}


def test_a_fact_that_no_relay_saw_is_kept():
    delivery(HANDLER)
    Delivery.objects.all().delete()
    OutboxEvent.objects.update(fanned_out_at=None, occurred_at=NOW - timedelta(days=500))

    assert retention.forget(now=NOW)["events"] == 0

    assert OutboxEvent.objects.count() == 1


def test_the_memory_of_mails_ends_with_their_order_facts():
    for days in (401, 399):
        OutboundEmail.objects.create(
            idempotency_key=f"00000000-0000-4000-8000-{days:012d}",
            kind="order_paid",
            to="hana@example.com",
            subject="x",
            language="ko",
            message_id=f"<{days}@testserver>",
            state="sent",
            created_at=NOW - timedelta(days=days),
        )

    assert retention.forget(now=NOW)["mails"] == 1

    assert OutboundEmail.objects.get().message_id == "<399@testserver>"


def test_a_key_is_forgotten_after_its_day():
    for number, left in enumerate((timedelta(seconds=-1), timedelta(seconds=1))):
        IdempotencyKey.objects.create(
            scope="api-orders",
            key=str(number),
            fingerprint="x",
            work=uuid.uuid4(),
            created_at=NOW,
            claimed_at=NOW,
            expires_at=NOW + left,
        )

    assert retention.forget(now=NOW)["keys"] == 1
    assert IdempotencyKey.objects.get().key == "1"


def test_marks_of_handled_facts_go_when_their_facts_are_gone():
    event_id = paid_fact()
    for key in (event_id, uuid.uuid4()):
        HandledEvent.objects.create(event_id=key, handler="sales.count_order")
    HandledEvent.objects.update(at=NOW - timedelta(days=401))

    assert retention.forget(now=NOW)["marks"] == 1
    assert HandledEvent.objects.get().event_id == event_id
