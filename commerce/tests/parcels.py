"""Paid orders and their parcels for tests."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from commerce.events.models import OutboxEvent
from commerce.fulfilment import services
from commerce.fulfilment.models import Shipment, ShipmentLine
from commerce.orders import services as orders
from commerce.orders.models import Order, TimelineEntry
from commerce.payments.models import Payment
from commerce.payments.states import PaymentState
from commerce.tests.factories import NOW, cart, place, product

CJ = "123456789012"
FACTS = ("shipment.", "order.confirmed")


def paid(*, cups: int = 2, pots: int = 1, at: datetime = NOW, **changes: Any) -> Order:
    """Return a paid order of cups and a pot; both cost 24,000 won."""
    product(skus=("CUP", "POT"), units=20)
    lines = [(sku, units) for sku, units in (("CUP", cups), ("POT", pots)) if units]
    goods = 24_000 * (cups + pots)
    order = place(cart(*lines), total=goods + (0 if goods >= 50_000 else 3_000), **changes)
    return pay(order, at=at)


def pay(order: Order, *, at: datetime = NOW) -> Order:
    """Mark an order paid, as settling does."""
    with transaction.atomic():
        Payment.objects.filter(order=order).update(state=PaymentState.PAID, received=order.total)
        orders.mark_paid(order=order, paid_at=at, now=at)
    return order


def line(order: Order, sku: str = "CUP") -> int:
    """Return the id of the order's line of a SKU."""
    return order.lines.get(sku=sku).pk


def send(
    order: Order, *, number: str = CJ, courier: str = "cj", at: datetime = NOW, **units: int
) -> Shipment:
    """Dispatch units by SKU in lower case: `send(order, cup=2)`; everything unless told otherwise."""
    wanted = units or {row.sku.lower(): row.quantity for row in order.lines.all()}
    lines = {line(order, sku.upper()): count for sku, count in wanted.items()}
    return services.dispatch(order_id=order.pk, lines=lines, courier=courier, tracking_number=number, now=at)


def arrive(shipment: Shipment, *, at: datetime = NOW + timedelta(days=1), **changes: Any) -> bool:
    """Mark a parcel delivered."""
    return services.mark_delivered(**{"shipment_id": shipment.pk, "at": at, "now": at} | changes)


def standing(order: Order) -> tuple[str, str]:
    """Return the order's state and how far its parcels are, as stored."""
    order.refresh_from_db()
    return order.status, order.fulfilment_status


def everything() -> dict[str, Any]:
    """Return all rows that parcels may touch: what a refusal must leave alone."""
    return {
        "orders": list(Order.objects.order_by("pk").values()),
        "shipments": list(Shipment.objects.order_by("pk").values()),
        "lines": list(ShipmentLine.objects.order_by("pk").values()),
        "timeline": TimelineEntry.objects.count(),
        "facts": OutboxEvent.objects.count(),
    }


def facts() -> list[tuple[str, dict[str, Any]]]:
    """Return the facts about parcels in the order in which they were recorded."""
    rows = OutboxEvent.objects.order_by("pk")
    return [(row.type, row.payload) for row in rows if row.type.startswith(FACTS)]
