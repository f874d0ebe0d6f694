import pytest
from django.db import connection, transaction

from commerce.events import types
from commerce.events.models import OutboxEvent
from workers import fanout
from workers.models import Delivery
from workers.tests.factories import elsewhere, handler, paid_fact

pytestmark = pytest.mark.usefixtures("committed")
PAID = types.OrderPaid.name


def nothing(_fact, _context):
    return None


MAIL = handler(nothing, name="test.mail", queue="io")
LEDGER = handler(nothing, name="test.ledger", ordered=True)


def test_an_event_becomes_one_delivery_for_each_handler():
    paid_fact(order_id=7)

    assert fanout.fan_out(routes={PAID: (MAIL, LEDGER)}) == 1

    rows = Delivery.objects.order_by("handler").values_list(
        "handler", "queue", "partition_key", "state", "attempts"
    )
    assert list(rows) == [("test.ledger", "db", "7", 0, 0), ("test.mail", "io", "", 0, 0)]
    assert OutboxEvent.objects.filter(fanned_out_at=None).count() == 0


def test_a_second_turn_makes_nothing_new():
    paid_fact()
    fanout.fan_out(routes={PAID: (MAIL,)})

    assert fanout.fan_out(routes={PAID: (MAIL,)}) == 0
    OutboxEvent.objects.update(fanned_out_at=None)  # as after a restore
    assert fanout.fan_out(routes={PAID: (MAIL,)}) == 1

    assert Delivery.objects.count() == 1


def test_an_event_nobody_reacts_to_is_done_with():
    paid_fact()

    assert fanout.fan_out(routes={PAID: ()}) == 1

    assert OutboxEvent.objects.filter(fanned_out_at=None).count() == 0
    assert Delivery.objects.count() == 0


def test_a_type_this_relay_does_not_know_waits_for_a_newer_one():
    paid_fact()

    assert fanout.fan_out(routes={types.OrderPlaced.name: (MAIL,)}) == 0

    assert OutboxEvent.objects.get().fanned_out_at is None
    assert Delivery.objects.count() == 0


def test_two_relays_take_turns_so_no_event_overtakes_an_earlier_one():
    paid_fact(order_id=7)
    with transaction.atomic():
        assert fanout.fan_out(routes={PAID: (LEDGER,)}) == 1
        elsewhere(lambda: paid_fact(order_id=7))

        assert elsewhere(lambda: fanout.fan_out(routes={PAID: (LEDGER,)})) == 0

    assert elsewhere(lambda: fanout.fan_out(routes={PAID: (LEDGER,)})) == 1
    assert list(Delivery.objects.order_by("pk").values_list("event_id", flat=True)) == sorted(
        OutboxEvent.objects.values_list("pk", flat=True)
    )


def test_a_crash_in_the_middle_leaves_the_event_waiting():
    paid_fact()
    with pytest.raises(RuntimeError), transaction.atomic():
        fanout.fan_out(routes={PAID: (MAIL,)})
        raise RuntimeError("the relay dies")

    assert OutboxEvent.objects.get().fanned_out_at is None
    assert Delivery.objects.count() == 0


def test_events_go_in_the_order_in_which_they_were_recorded():
    for order_id in (3, 1, 2):
        paid_fact(order_id)

    assert fanout.fan_out(routes={PAID: (MAIL,)}, batch=2) == 2

    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.aggregate_id FROM workers_delivery d JOIN commerce_outboxevent e ON e.id = d.event_id
               ORDER BY e.id"""
        )
        assert cursor.fetchall() == [("3",), ("1",)]
