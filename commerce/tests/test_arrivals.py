"""The way back, the webhook, the clock, a double click, a second tab: in every order, each of them twice."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from commerce.checkout import closing, services
from commerce.checkout.settling import settle_payment
from commerce.events.models import OutboxEvent
from commerce.inventory.models import StockMovement
from commerce.orders.models import Order
from commerce.payments.models import Payment
from commerce.payments.states import PaymentState
from commerce.tests.factories import NOW, cart, place, product, shelf
from commerce.tests.fakes import FakeGateway

pytestmark = pytest.mark.django_db

Arrival = Callable[[Any, Order, FakeGateway], None]


def comes_back(client: Any, placed: Order, _gateway: FakeGateway) -> None:
    """The browser returns from the window."""
    assert client.get(reverse("payment-return", args=[placed.token])).status_code == 302


def webhook(_client: Any, placed: Order, gateway: FakeGateway) -> None:
    """A worker handles what PortOne told."""
    settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=NOW)


def clock(_client: Any, _placed: Order, gateway: FakeGateway) -> None:
    """The reconciliation comes by, and so does the end of unpaid orders."""
    closing.reconcile_payments(gateway=gateway, now=NOW + timedelta(minutes=5), older_than=timedelta(0))
    closing.expire_unpaid_orders(gateway=gateway, now=NOW + timedelta(days=1))


def double_click(_client: Any, placed: Order, _gateway: FakeGateway) -> None:
    """The order sheet is sent again, by an impatient finger or after the back button."""
    assert place(placed.cart, total=placed.total).pk == placed.pk


def second_tab(client: Any, placed: Order, _gateway: FakeGateway) -> None:
    """The order's page in another tab asks to pay another way."""
    answer = client.post(reverse("order-retry", args=[placed.token]), {"method": "TRANSFER"})
    assert answer.status_code == 303


ARRIVALS: tuple[Arrival, ...] = (comes_back, webhook, clock, double_click, second_tab)


def paid_order(gateway: FakeGateway, number: int) -> Order:
    """Place an order of two cups of their own kind, and let the shopper pay in the window."""
    sku = f"CUP-{number}"
    product(f"cup-{number}", skus=(sku,), price=30_000, units=5)
    placed = place(cart((sku, 2)), total=60_000)
    services.prepare_payment(order=placed, gateway=gateway)
    gateway.says(placed, PaymentState.PAID)
    return placed


def end(placed: Order) -> dict[str, Any]:
    """Return everything that must be the same whatever came first."""
    placed = Order.objects.select_related("payment").get(pk=placed.pk)
    facts = OutboxEvent.objects.filter(aggregate_type="order", aggregate_id=str(placed.pk))
    moved = StockMovement.objects.filter(reference=placed.number).order_by("pk")
    return {
        "order": (placed.status, placed.payment_status, placed.flag),
        "payment": (placed.payment.state, placed.payment.amount, placed.payment.cancelled_amount),
        "payments": Payment.objects.filter(order=placed).count(),
        "paid facts": facts.filter(type="order.paid").count(),
        "moves": list(moved.values_list("kind", flat=True)),
    }


def test_one_order_one_payment_one_sale_in_every_order_of_arrival(client, gateway, noon):
    wanted = {
        "order": ("paid", "paid", ""),
        "payment": ("paid", 60_000, 0),
        "payments": 1,
        "paid facts": 1,
        "moves": ["reserved", "sold"],
    }
    for number, arrivals in enumerate(itertools.permutations(ARRIVALS)):
        placed = paid_order(gateway, number)

        for arrival in arrivals:
            arrival(client, placed, gateway)
            arrival(client, placed, gateway)

        story = [arrival.__name__ for arrival in arrivals]
        assert (story, end(placed)) == (story, wanted)
        assert shelf(f"CUP-{number}") == (3, 0)
        gateway.payments.clear()

    assert Order.objects.count() == 120
    assert gateway.refunded == []
