"""What a shopper can take back of an order, on its page."""

from datetime import datetime
from typing import Any

from django import template

from commerce.claims import progress
from commerce.claims.cancellation import services as cancellation
from commerce.claims.cancellation.services import What
from commerce.orders.models import Order

register = template.Library()


@register.inclusion_tag("commerce/order_claims.html")
def order_claims(order: Order, now: datetime) -> dict[str, Any]:
    """Offer to cancel what has not left and to return what arrived; tell where returns stand."""
    return {
        "order": order,
        "cancels": cancellation.what(order=order) != What.NOTHING,
        "page": progress.of_order(order=order, now=now),
    }
