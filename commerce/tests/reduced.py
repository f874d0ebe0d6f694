"""Orders with a coupon, in tests, and what was said of it."""

from typing import Any

from commerce.catalog.models import Variant
from commerce.coupons.models import CouponTicket
from commerce.events.models import OutboxEvent
from commerce.orders.models import Order
from commerce.tests.factories import cart, place, product


def buy(user, held: CouponTicket, *, total: int, quantity: int = 2, **more: Any) -> Order:
    """Place an order of cups over 24,000 won each with a coupon."""
    if not Variant.objects.exists():
        product(units=9)
    return place(cart(("CUP", quantity)), total=total, customer_id=user.pk, coupon=held.pk, **more)


def facts() -> list[tuple[str, int]]:
    """Return the facts that a coupon was used and came back, with the won that it took off."""
    rows = OutboxEvent.objects.filter(type__in=["coupon.used", "coupon.returned"]).order_by("pk")
    return [(row.type, row.payload["amount"]) for row in rows]
