"""Points follow purchases that are kept, refunds, and the calendar."""

from django.conf import settings

from commerce.events import types
from commerce.orders.models import Order
from commerce.payments.models import Refund
from commerce.points import paying, services
from workers.jobs import Context, Fact, Permanent


def earn(fact: Fact, context: Context) -> None:
    """Give points for a purchase that is kept, or that found its customer after it was."""
    claimed = fact.type == types.OrderClaimed.name
    told = fact.read(types.OrderClaimed) if claimed else fact.read(types.OrderConfirmed)
    try:
        services.earn(
            order_id=told.order_id,
            percent=settings.POINTS_PERCENT,
            days=settings.POINTS_DAYS,
            now=context.now,
        )
    except Order.DoesNotExist as gone:
        raise Permanent(f"no order {told.order_id}") from gone


def follow_refund(fact: Fact, context: Context) -> None:
    """Take back what was earned with goods whose money went back."""
    refund_id = fact.read(types.RefundCompleted).refund_id
    try:
        services.follow_refund(refund_id=refund_id, now=context.now)
    except Refund.DoesNotExist as gone:
        raise Permanent(f"no refund {refund_id}") from gone


def give_back(fact: Fact, context: Context) -> None:
    """Give points back that paid for an order which is off, or for goods whose refund is done."""
    order_id = int(fact.payload["order_id"])  # of a cancelled order, a refund, or its parts: each names it
    try:
        paying.give_back(order_id=order_id, days=settings.POINTS_RETURN_DAYS, now=context.now)
    except Order.DoesNotExist as gone:
        raise Permanent(f"no order {order_id}") from gone


def expire(_fact: Fact, context: Context) -> None:
    """Let points expire whose day is over."""
    services.expire(now=context.now)
