"""Keep the sales figures; they live in our database and count each fact once."""

from django.conf import settings

from commerce import copies
from commerce.events import types
from commerce.orders.models import Order
from commerce.payments.models import Refund
from commerce.sales import services, together
from workers.jobs import Context, Fact, Permanent


def count_order(fact: Fact, _context: Context) -> None:
    """Add a paid order to the figures of its day."""
    order_id = fact.read(types.OrderPaid).order_id
    try:
        services.count_order(order_id=order_id)
    except Order.DoesNotExist as gone:
        raise Permanent(f"no order {order_id}") from gone


def take_off_refund(fact: Fact, _context: Context) -> None:
    """Take refunded units off the figures of the day on which they were sold."""
    refund_id = fact.read(types.RefundCompleted).refund_id
    try:
        services.take_off(refund_id=refund_id)
    except Refund.DoesNotExist as gone:
        raise Permanent(f"no refund {refund_id}") from gone


def follow_allocation(fact: Fact, _context: Context) -> None:
    """Take units off whose refund was made at the provider's console, as soon as staff says which they were."""
    told = fact.read(types.RefundAllocated)
    services.take_off_lines(lines=[tuple(map(int, text.split(":"))) for text in told.lines])


def pair(_fact: Fact, context: Context) -> None:
    """Say anew which products were bought together."""
    if together.pair(orders=settings.TOGETHER_ORDERS, now=context.now):
        copies.forget()
