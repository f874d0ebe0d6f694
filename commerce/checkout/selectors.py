"""What the order sheet asks of orders that exist already."""

import uuid
from datetime import datetime

from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status


def placed_from(*, cart_token: uuid.UUID | None) -> Order | None:
    """Return the order that was placed from a cart."""
    return Order.objects.filter(cart__token=cart_token).first() if cart_token else None


def may_be_paid(*, order: Order, now: datetime) -> bool:
    """Return whether a payment window may open for the order."""
    unpaid = order.payment_status in (PaymentStatus.PENDING, PaymentStatus.FAILED)
    return order.status == Status.PLACED and unpaid and not order.flag and order.pay_until > now
