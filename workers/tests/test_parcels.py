"""The mails of a parcel, and what the clock does when nobody speaks."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox_of_mails

from commerce.events.models import OutboxEvent
from commerce.fulfilment import services, silence
from commerce.fulfilment.models import Shipment
from commerce.orders.models import Order
from workers import actors, fanout
from workers.handlers import parcels
from workers.jobs import QUEUES, Context
from workers.models import Delivery
from workers.tests.factories import NOW, an_order, pay
from workers.tests.test_mail import parts

pytestmark = pytest.mark.usefixtures("committed")
CONTEXT = Context(handler="test", attempt=1, idempotency_key=uuid.uuid4(), now=NOW)
NUMBER = "123456789012"


@pytest.fixture(autouse=True)
def mailbox():
    outbox_of_mails.outbox = []
    return outbox_of_mails.outbox


def send(order: Order, *, at: datetime = NOW, **units: int) -> Shipment:
    """Dispatch units by the first letters of the SKU."""
    lines = {row.pk: units.get(row.sku.split("-")[0].lower(), 0) for row in order.lines.all()}
    return services.dispatch(order_id=order.pk, lines=lines, courier="cj", tracking_number=NUMBER, now=at)


def deliver(fact: str) -> Delivery:
    """Fan everything out and run the newest mail of a fact."""
    fanout.fan_out()
    row = Delivery.objects.filter(event__type=fact, queue="io").latest("pk")
    actors.run(ids=[row.pk], queue=QUEUES["io"])
    row.refresh_from_db()
    return row


def test_a_parcel_on_its_way_is_told_with_contents_number_and_what_follows(mailbox):
    order = an_order(language="en")
    pay(order)
    send(order, cup=1)

    assert deliver("shipment.dispatched").state == 3

    (message,) = mailbox
    text, html = parts(message)
    assert message.to == ["hana@example.com"]
    assert message.subject == f"[Maru] Part of your order is on its way · {order.number}"
    for part in (text, html):
        for expected in (
            order.number,
            "CJ Logistics",
            NUMBER,
            "Tue, Nov. 24, 2026",
            "https://trace.cjlogistics.com/next/tracking.html?wblNo=123456789012",
            "Still to come",
            f"http://testserver/en/orders/{order.token}/",
        ):
            assert expected in part, expected
        assert "₩" not in part
    here, _later, follows = text.partition("Still to come")
    assert "- Moon jar cup (White) × 1" in here
    assert "Plate" not in here
    assert "- Moon jar cup (White) × 1\n- Plate <large> × 1" in follows


def test_the_last_parcel_says_nothing_of_more(mailbox):
    order = an_order()
    pay(order)
    send(order, cup=2, plate=1)

    deliver("shipment.dispatched")

    text, html = parts(mailbox[0])
    assert mailbox[0].subject.startswith("[마루] ")
    assert "CJ대한통운" in text
    assert "2026년 11월 24일 화요일" in text
    assert '<html lang="ko">' in html
    assert "달항아리 컵 (백자) × 2" in text
    assert text.count(" × ") == 2


def test_a_wrong_number_is_corrected_by_mail(mailbox):
    order = an_order(language="en")
    pay(order)
    shipment = send(order, cup=2, plate=1)
    services.correct_tracking(shipment_id=shipment.pk, courier="cj", tracking_number="210987654321", now=NOW)

    deliver("shipment.corrected")

    assert mailbox[0].subject == f"[Maru] The tracking number of your parcel has changed · {order.number}"
    assert "210987654321" in parts(mailbox[0])[0]


def test_a_parcel_that_was_taken_back_before_its_mail_left_is_not_told(mailbox):
    order = an_order()
    pay(order)
    shipment = send(order, cup=1)
    services.take_back(shipment_id=shipment.pk, now=NOW)

    assert deliver("shipment.dispatched").state == 3
    assert mailbox == []


def test_a_delivery_is_told_with_the_last_day_to_return(mailbox):
    order = an_order(language="en")
    pay(order)
    shipment = send(order, cup=2, plate=1)
    arrived = NOW + timedelta(days=2)
    services.mark_delivered(shipment_id=shipment.pk, at=arrived, now=arrived)

    deliver("shipment.delivered")

    text, html = parts(mailbox[0])
    assert mailbox[0].subject == f"[Maru] Your parcel has arrived · {order.number}"
    for part in (text, html):
        assert "Thu, Nov. 26, 2026" in part
        assert "Thu, Dec. 3, 2026" in part  # the last day to return
        assert "from Fri, Dec. 4, 2026" in part  # confirmed by itself
        assert "Article 17" in part


def test_one_parcel_of_two_says_nothing_of_confirming(mailbox):
    order = an_order(language="en")
    pay(order)
    shipment = send(order, cup=2)
    services.mark_delivered(shipment_id=shipment.pk, at=NOW, now=NOW)

    deliver("shipment.delivered")

    text = parts(mailbox[0])[0]
    assert "Tue, Dec. 1, 2026" in text
    assert "confirmed" not in text


def test_the_clock_takes_a_silent_parcel_as_delivered_and_says_so(mailbox):
    order = an_order(language="en")
    pay(order)
    shipment = send(order, cup=2, plate=1)
    early = datetime(2026, 12, 3, 14, 59, tzinfo=UTC)  # the last minute of the ninth day in Seoul
    due = datetime(2026, 12, 4, 1, 0, tzinfo=UTC)  # the tenth day, 10:00 in Seoul

    assert silence.assume_delivered(now=early) == 0
    assert silence.assume_delivered(now=due) == 1
    assert silence.assume_delivered(now=due) == 0

    shipment.refresh_from_db()
    assert (shipment.delivered_at, shipment.arrival) == (due, "assumed")
    order.refresh_from_db()
    assert (order.status, order.fulfilment_status) == ("fulfilled", "delivered")
    deliver("shipment.delivered")
    assert mailbox[0].subject == f"[Maru] Has your parcel arrived? · {order.number}"
    assert "10 days ago" in parts(mailbox[0])[0]


def test_the_clock_confirms_once_and_never_while_the_shopper_may_withdraw():
    order = an_order()
    pay(order)
    shipment = send(order, cup=2, plate=1)
    services.mark_delivered(shipment_id=shipment.pk, at=NOW, now=NOW)  # 24 November: until 1 December
    last_minute = datetime(2026, 12, 1, 14, 59, tzinfo=UTC)
    next_day = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)

    assert silence.confirm_purchases(now=last_minute) == 0
    Order.objects.update(flag="look")
    assert silence.confirm_purchases(now=next_day) == 0
    Order.objects.update(flag="")
    assert silence.confirm_purchases(now=next_day) == 1
    assert silence.confirm_purchases(now=next_day) == 0

    order.refresh_from_db()
    assert order.confirmed_at == next_day
    assert OutboxEvent.objects.get(type="order.confirmed").payload["how"] == "assumed"


def test_one_parcel_in_trouble_does_not_keep_the_others(monkeypatch):
    first, second = an_order(), an_order()
    shipments = []
    for order in (first, second):
        pay(order)
        shipments.append(send(order, cup=2, plate=1))
    mark = services.mark_delivered

    def troubled(**arguments):
        if arguments["shipment_id"] == shipments[0].pk:
            raise RuntimeError("trouble")
        return mark(**arguments)

    monkeypatch.setattr(services, "mark_delivered", troubled)

    assert silence.assume_delivered(now=NOW + timedelta(days=30)) == 1

    assert list(Shipment.objects.filter(delivered_at=None)) == [shipments[0]]


def test_the_handlers_of_the_clock_do_both(monkeypatch):
    calls = []
    for name in ("assume_delivered", "confirm_purchases"):
        monkeypatch.setattr(silence, name, lambda name=name, **arguments: calls.append((name, arguments)))

    parcels.assume_delivered(None, CONTEXT)
    parcels.confirm_purchases(None, CONTEXT)

    wanted = {"now": NOW, "limit": 5000}
    assert calls == [("assume_delivered", wanted), ("confirm_purchases", wanted)]
