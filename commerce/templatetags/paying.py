"""Paying an order that waits for its payment, on its page."""

from typing import Any

from django import template

from commerce.checkout.forms import Retry
from commerce.orders.models import Order

register = template.Library()


@register.inclusion_tag("commerce/order_retry.html", takes_context=True)
def order_retry(context: Any, order: Order) -> dict[str, Any]:
    """Offer to pay the same way or another."""
    return {"order": order, "form": Retry(payment=order.payment), "csrf_token": context.get("csrf_token")}
