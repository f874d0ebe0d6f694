"""Orders whose payment is settled, and all that tests compare of them."""

from datetime import timedelta
from typing import Any

from commerce.checkout.settling import Outcome, settle_payment
from commerce.events.models import OutboxEvent
from commerce.orders.models import Order
from commerce.payments.models import Refund
from commerce.tests.factories import NOW, promises, shelf
from commerce.tests.fakes import FakeGateway

SECOND = timedelta(seconds=1)


def settle(placed: Order, gateway: FakeGateway, *, now: Any = NOW) -> Outcome:
    """Settle and read the order again."""
    outcome = settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=now)
    placed.refresh_from_db()
    placed.payment.refresh_from_db()
    return outcome


def facts() -> list[str]:
    """Return the names of the facts about orders and money, in order; `test_facts_of_orders` has those that go along."""
    along = ["customer.consented", "payment.changed", "payment.refused", "order.flagged"]
    names = OutboxEvent.objects.filter(aggregate_type__in=["order", "payment"]).order_by("pk")
    names = names.exclude(type__in=along)
    return list(names.values_list("type", flat=True))


def kinds(placed: Order) -> list[str]:
    """Return what the timeline says."""
    return list(placed.timeline.order_by("pk").values_list("kind", flat=True))


def snapshot(placed: Order) -> dict[str, Any]:
    """Return everything that must be the same however the end was reached."""
    placed = Order.objects.select_related("payment").get(pk=placed.pk)
    return {
        "order": (
            placed.status,
            placed.payment_status,
            placed.fulfilment_status,
            placed.flag,
            placed.paid_at,
        ),
        "payment": (placed.payment.state, placed.payment.cancelled_amount, placed.payment.transaction_id),
        "refunds": list(Refund.objects.values_list("amount", "state")),
        "stock": shelf(),
        "promises": [entry[1:] for entry in promises(placed.number)],
        "kinds": kinds(placed),
        "facts": facts(),
    }
