"""Dispatch, correct, take back, deliver, confirm: rows, projection, timeline and facts."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from commerce.events import outbox
from commerce.fulfilment import selectors, services
from commerce.fulfilment.models import Shipment, ShipmentLine
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.tests.factories import NOW, order
from commerce.tests.parcels import CJ, arrive, everything, facts, line, paid, pay, send, standing

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def test_a_paid_order_leaves_in_two_parcels_and_arrives():
    bought = paid(cups=2, pots=1)
    cup, pot = line(bought, "CUP"), line(bought, "POT")
    assert selectors.left_to_ship(bought) == {cup: 2, pot: 1}

    with outbox.acting("user:7"):
        first = send(bought, cup=1)
    assert standing(bought) == ("paid", "partly_shipped")
    assert selectors.left_to_ship(bought) == {cup: 1, pot: 1}

    second = send(bought, number="1111-2222-3333", cup=1, pot=1)
    assert standing(bought) == ("paid", "shipped")
    assert selectors.left_to_ship(bought) == {}

    assert arrive(first) is True
    assert standing(bought) == ("paid", "shipped")
    assert arrive(second, at=LATER, how=Shipment.Arrival.SHOPPER) is True
    assert standing(bought) == ("fulfilled", "delivered")
    assert arrive(second, at=LATER) is False

    assert services.confirm_purchase(order_id=bought.pk, now=LATER) is True
    assert services.confirm_purchase(order_id=bought.pk, now=LATER) is False
    bought.refresh_from_db()
    assert bought.confirmed_at == LATER

    number = bought.number
    assert facts() == [
        (
            "shipment.dispatched",
            {
                "order_id": bought.pk,
                "number": number,
                "shipment_id": first.pk,
                "courier": "cj",
                "tracking_number": CJ,
                "units": 1,
                "last": False,
                "purpose": "order",
            },
        ),
        (
            "shipment.dispatched",
            {
                "order_id": bought.pk,
                "number": number,
                "shipment_id": second.pk,
                "courier": "cj",
                "tracking_number": "111122223333",
                "units": 2,
                "last": True,
                "purpose": "order",
            },
        ),
        (
            "shipment.delivered",
            {
                "order_id": bought.pk,
                "number": number,
                "shipment_id": first.pk,
                "how": "staff",
                "last": False,
            },
        ),
        (
            "shipment.delivered",
            {
                "order_id": bought.pk,
                "number": number,
                "shipment_id": second.pk,
                "how": "shopper",
                "last": True,
            },
        ),
        ("order.confirmed", {"order_id": bought.pk, "number": number, "how": "shopper"}),
    ]
    told = [(row.kind, row.actor, row.at) for row in bought.timeline.all()][2:]
    assert told == [
        ("shipped", "user:7", NOW),
        ("shipped", "system", NOW),
        ("delivered", "system", LATER),
        ("delivered", "system", LATER),
        ("confirmed", "system", LATER),
    ]
    assert bought.timeline.all()[2].data == {
        "courier": {"ko": "CJ대한통운", "en": "CJ Logistics"},
        "tracking": CJ,
        "units": 1,
    }


def test_a_parcel_that_did_not_leave_is_taken_back():
    bought = paid(cups=2, pots=1)
    send(bought, cup=1)
    second = send(bought, cup=1, pot=1)
    gone = second.pk

    services.take_back(shipment_id=gone, now=LATER)

    assert standing(bought) == ("paid", "partly_shipped")
    assert selectors.left_to_ship(bought) == {line(bought, "CUP"): 1, line(bought, "POT"): 1}
    assert facts()[-1] == (
        "shipment.taken_back",
        {"order_id": bought.pk, "number": bought.number, "shipment_id": gone},
    )
    services.take_back(shipment_id=Shipment.objects.get().pk, now=LATER)
    assert standing(bought) == ("paid", "preparing")
    assert not ShipmentLine.objects.exists()
    assert [row.kind for row in bought.timeline.all()][-2:] == ["taken_back", "taken_back"]
    with pytest.raises(Shipment.DoesNotExist):
        services.take_back(shipment_id=gone, now=LATER)


def test_a_tracking_number_is_corrected_once():
    bought = paid()
    shipment = send(bought)

    arguments = {"shipment_id": shipment.pk, "courier": "epost", "tracking_number": "6812 3456 78901"}
    assert services.correct_tracking(now=LATER, **arguments) is True
    assert services.correct_tracking(now=LATER, **arguments) is False

    shipment = Shipment.objects.get()
    assert (shipment.courier.code, shipment.tracking_number) == ("epost", "6812345678901")
    assert shipment.address == (
        "https://service.epost.go.kr/trace.RetrieveDomRigiTraceList.comm?sid1=6812345678901&displayHeader=N"
    )
    assert [name for name, _payload in facts()] == ["shipment.dispatched", "shipment.corrected"]
    entry = bought.timeline.last()
    assert (entry.kind, entry.data["before"], entry.data["tracking"]) == (
        "tracking_corrected",
        CJ,
        "6812345678901",
    )


@pytest.mark.parametrize(("units", "left"), [({"cup": 3}, {"CUP": 2}), ({"cup": 2, "pot": 2}, {"POT": 1})])
def test_nobody_sends_more_than_was_ordered(units, left):
    bought = paid(cups=2, pots=1)
    before = everything()

    with pytest.raises(services.TooMany) as refusal:
        send(bought, **units)

    assert refusal.value.left == {line(bought, sku): count for sku, count in left.items()}
    assert everything() == before


def test_nobody_sends_what_has_left_already():
    bought = paid(cups=2, pots=1)
    send(bought, cup=2)
    before = everything()

    with pytest.raises(services.TooMany) as refusal:
        send(bought, cup=1, pot=1)

    assert refusal.value.left == {line(bought, "CUP"): 0}
    assert everything() == before


def test_units_that_were_withdrawn_before_they_left_stay_here(monkeypatch):
    bought = paid(cups=2, pots=1)
    cup, pot = line(bought, "CUP"), line(bought, "POT")
    monkeypatch.setattr(selectors, "_withdrawn", lambda _ids: selectors.Counter({cup: 1, pot: 1}))
    assert selectors.left_to_ship(bought) == {cup: 1}
    before = everything()

    with pytest.raises(services.TooMany) as refusal:
        send(bought, cup=1, pot=1)

    assert refusal.value.left == {pot: 0}
    assert everything() == before
    send(bought, cup=1)
    assert standing(bought) == ("paid", "shipped")


def test_a_line_of_another_order_is_not_sent():
    bought = paid(cups=2, pots=1)
    other = pay(order(quantity=1))
    before = everything()

    with pytest.raises(services.TooMany):
        services.dispatch(
            order_id=bought.pk, lines={line(other): 1}, courier="cj", tracking_number=CJ, now=NOW
        )

    assert everything() == before


@pytest.mark.parametrize("lines", [{}, {"CUP": 0}])
def test_an_empty_parcel_is_not_sent(lines):
    bought = paid()
    before = everything()

    with pytest.raises(services.NothingChosen):
        services.dispatch(
            order_id=bought.pk,
            lines={line(bought, sku): units for sku, units in lines.items()},
            courier="cj",
            tracking_number=CJ,
            now=NOW,
        )

    assert everything() == before


@pytest.mark.parametrize(
    "state",
    [
        {"status": Status.PLACED, "payment_status": PaymentStatus.PENDING},
        {"status": Status.CANCELLED, "payment_status": PaymentStatus.REFUNDING},
        {"payment_status": PaymentStatus.REFUNDING},
        {"payment_status": PaymentStatus.REFUNDED},
    ],
)
def test_only_paid_orders_leave(state):
    bought = paid()
    Order.objects.filter(pk=bought.pk).update(**state)
    before = everything()

    with pytest.raises(services.NotToShip):
        send(bought)

    assert everything() == before


def test_what_arrived_is_not_taken_back():
    shipment = send(paid())
    arrive(shipment)
    before = everything()

    with pytest.raises(services.AlreadyDelivered):
        services.take_back(shipment_id=shipment.pk, now=LATER)

    assert everything() == before


@pytest.mark.parametrize("at", [NOW - timedelta(seconds=1), LATER + timedelta(seconds=1)])
def test_nothing_arrives_before_it_left_or_tomorrow(at):
    shipment = send(paid())
    before = everything()

    with pytest.raises(ValueError, match="arrives after"):
        services.mark_delivered(shipment_id=shipment.pk, at=at, now=LATER)

    assert everything() == before


def test_nothing_is_confirmed_before_everything_arrived():
    bought = paid(cups=2, pots=1)
    arrive(send(bought, cup=2))
    before = everything()

    with pytest.raises(services.NotDelivered):
        services.confirm_purchase(order_id=bought.pk, now=LATER)

    assert everything() == before


def test_what_is_cancelled_after_it_left_keeps_its_parcels_and_is_not_projected():
    bought = paid()
    shipment = send(bought)
    with transaction.atomic():
        bought.refresh_from_db()
        orders.cancel(order=bought, reason="refunded", now=NOW)

    arrive(shipment)

    assert standing(bought) == ("cancelled", "shipped")


def test_lists_know_what_to_send_and_what_is_late():
    late = paid(at=NOW - timedelta(days=7))
    fresh = pay(order(quantity=1))
    gone = pay(order(quantity=1))
    send(gone, courier="logen", number="12345678901")

    assert list(selectors.to_ship()) == [late, fresh]
    assert list(selectors.to_ship().filter(selectors.overdue(now=NOW))) == [late]
    send(late, cup=1)
    assert list(selectors.to_ship()) == [late, fresh]


def test_an_order_whose_money_goes_back_is_not_to_send():
    bought = paid()
    Order.objects.filter(pk=bought.pk).update(payment_status=PaymentStatus.REFUNDING)

    assert list(selectors.to_ship()) == []


def test_the_database_refuses_what_the_services_never_write():
    bought = paid()
    shipment = send(bought)
    for change in (
        {"tracking_number": "12-34"},
        {"delivered_at": LATER},
        {"arrival": "staff"},
        {"delivered_at": NOW - timedelta(days=1), "arrival": "staff"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Shipment.objects.filter(pk=shipment.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShipmentLine.objects.update(quantity=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.update(confirmed_at=NOW)
