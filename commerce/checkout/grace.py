"""How long an unpaid order is kept beyond its time because money may still be on its way."""

from datetime import datetime, timedelta

from django.conf import settings

from commerce.orders.models import Order
from commerce.payments.models import Payment
from commerce.payments.states import PaymentState

TIME_TO_CONFIRM = timedelta(minutes=10)  # how long a payment may take to be confirmed (manual approval)


def confirming_until(*, payment: Payment) -> datetime | None:
    """Return until when money may move because we said that it may; None when we never did."""
    return payment.confirming_at + TIME_TO_CONFIRM if payment.confirming_at else None


def kept_until(*, order: Order, payment: Payment) -> datetime:
    """Return when an unpaid order may be given up.

    A window that was opened just before the time was over may still be used, and a payment that the provider
    is working on may still succeed. Both graces end: what comes later is checked against the stock again.
    """
    until = order.pay_until
    if payment.window_at:
        until = max(until, payment.window_at + timedelta(minutes=settings.CHECKOUT_WINDOW_MINUTES))
    if payment.state == PaymentState.PENDING:
        until = max(until, order.pay_until + timedelta(minutes=settings.CHECKOUT_PENDING_MINUTES))
    return until
