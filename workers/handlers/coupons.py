"""Coupons follow orders that are off."""

from django.conf import settings

from commerce.coupons import using
from commerce.events import types
from commerce.orders.models import Order
from workers.jobs import Context, Fact, Permanent


def give_back(fact: Fact, context: Context) -> None:
    """Give the coupon back that an order used which is off now; again does nothing."""
    order_id = fact.read(types.OrderCancelled).order_id
    try:
        using.give_back(order_id=order_id, days=settings.COUPON_RETURN_DAYS, now=context.now)
    except Order.DoesNotExist as gone:
        raise Permanent(f"no order {order_id}") from gone
