"""Whatever tells of money, in whatever order and however often: one end state."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from commerce.checkout.closing import expire_unpaid_orders, reconcile_payments
from commerce.checkout.settling import settle_payment
from commerce.orders.models import Order
from commerce.payments.states import PaymentState
from commerce.tests.factories import LATER, NOW, order
from commerce.tests.fakes import FakeGateway
from commerce.tests.settled import snapshot

pytestmark = pytest.mark.django_db
Door = Callable[[Any, Order, FakeGateway], None]


def _return(client: Any, placed: Order, gateway: FakeGateway) -> None:
    client.get(f"/checkout/return/{placed.token}/?paymentId={placed.payment.payment_id}")


def _notice(client: Any, placed: Order, gateway: FakeGateway) -> None:
    settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=NOW)  # what the worker does


def _reconcile(client: Any, placed: Order, gateway: FakeGateway) -> None:
    reconcile_payments(gateway=gateway, now=LATER, older_than=timedelta(minutes=5))


def _expire(client: Any, placed: Order, gateway: FakeGateway) -> None:
    expire_unpaid_orders(gateway=gateway, now=LATER)


DOORS: tuple[Door, ...] = (_return, _notice, _reconcile, _expire)


@pytest.mark.parametrize(
    "doors", list(itertools.permutations(DOORS)), ids=lambda doors: "-".join(door.__name__ for door in doors)
)
def test_money_through_every_door_in_any_order_ends_the_same(
    doors: tuple[Door, ...], client: Any, gateway: FakeGateway
) -> None:
    placed = order(quantity=2, units=5)
    gateway.says(placed, PaymentState.PAID)

    for door in doors:
        door(client, placed, gateway)
        door(client, placed, gateway)

    assert snapshot(placed) == {
        "order": ("paid", "paid", "preparing", "", NOW),
        "payment": ("paid", 0, "tx-1"),
        "refunds": [],
        "stock": (3, 0),
        "promises": [(2, "sold")],
        "kinds": ["placed", "paid"],
        "facts": ["order.placed", "order.paid"],
    }


@pytest.mark.parametrize(
    "doors",
    list(itertools.permutations(DOORS[:3])),
    ids=lambda doors: "-".join(door.__name__ for door in doors),
)
def test_late_money_through_every_door_in_any_order_goes_back_once(
    doors: tuple[Door, ...], client: Any, gateway: FakeGateway
) -> None:
    placed = order(quantity=2, units=5)
    _expire(client, placed, gateway)
    gateway.says(placed, PaymentState.PAID, at=LATER)

    for door in doors:
        door(client, placed, gateway)
        door(client, placed, gateway)

    end = snapshot(placed)
    assert end["order"][:4] == ("cancelled", "refunding", "waiting", "paid after the order was cancelled")
    assert end["refunds"] == [(51_000, "requested")]
    assert end["stock"] == (5, 0)
    assert end["facts"] == ["order.placed", "order.cancelled", "refund.requested"]
