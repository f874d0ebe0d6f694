"""Remind shoppers of what they still have to do."""

from datetime import datetime, timedelta

from django.db import transaction

from commerce.events import outbox, types
from commerce.orders import services as orders
from commerce.orders.models import Order, TimelineEntry
from commerce.orders.states import PaymentStatus, Status

BEFORE = timedelta(hours=6)  # how long before its end a deposit is reminded of


def remind_of_deposits(*, now: datetime, limit: int = 500) -> int:
    """Record once for each order that its deposit is due within six hours; return for how many."""
    told = TimelineEntry.objects.filter(kind="deposit_reminded").values("order_id")
    due = (
        Order.objects.filter(
            status=Status.PLACED,
            payment_status=PaymentStatus.AWAITING_DEPOSIT,
            pay_until__gt=now,
            pay_until__lte=now + BEFORE,
        )
        .exclude(pk__in=told)
        .order_by("pay_until")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(_remind(pk, now=now) for pk in due)


@transaction.atomic
def _remind(order_id: int, *, now: datetime) -> bool:
    order = Order.objects.select_for_update().get(pk=order_id)
    waiting = order.status == Status.PLACED and order.payment_status == PaymentStatus.AWAITING_DEPOSIT
    if not waiting or order.timeline.filter(kind="deposit_reminded").exists():
        return False
    orders.tell(order=order, kind="deposit_reminded", now=now)
    outbox.record(types.DepositDueSoon(order_id=order.pk, number=order.number, occurred_at=now))
    return True
