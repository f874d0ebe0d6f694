"""Manual approval (수동 승인): the shopper has agreed in the window, and money moves only when we say so.

Before we say so the goods are made sure of: who cannot get them is never charged.
"""

from datetime import datetime

from django.db import transaction

from commerce.checkout import refunding
from commerce.checkout.grace import TIME_TO_CONFIRM
from commerce.inventory import stock
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.states import Status
from commerce.payments.gateway import Gateway


def confirm_payment(
    *, order_id: int, payment_token: str, transaction_id: str, gateway: Gateway, now: datetime
) -> bool:
    """Hold the goods of an order, then let the provider take the money; return whether it was asked to.

    False: the order is closed, or its goods are gone; then it is cancelled and nothing was charged. For ten minutes
    the order neither expires nor can it be cancelled as unpaid: the money may be moving. What
    became of the payment is for `settle_payment` to find out. Repeating it is safe: a payment succeeds once.
    https://developers.portone.io/opi/ko/integration/start/v2/manual-confirm

    Raises:
        GatewayTrouble: the provider did not answer; the goods stay held for ten minutes.
    """
    order = _hold(order_id, now=now)
    if order is None:
        return False
    gateway.confirm(
        payment_id=order.payment.payment_id,
        payment_token=payment_token,
        transaction_id=transaction_id,
        amount=order.payment.amount,
    )
    return True


@transaction.atomic(durable=True)
def _hold(order_id: int, *, now: datetime) -> Order | None:
    order, payment = refunding.lock(order_id=order_id)
    if order.status != Status.PLACED:
        return None
    until = max(order.pay_until, now + TIME_TO_CONFIRM)
    wanted = {line.variant_id: line.quantity for line in order.lines.all()}
    try:
        with transaction.atomic():
            stock.reserve(quantities=wanted, reference=order.number, expires_at=until, now=now)
    except stock.OutOfStock:
        orders.cancel(order=order, reason="sold out", now=now)
        return None
    stock.extend(reference=order.number, expires_at=until)
    order.pay_until = until
    order.save(update_fields=["pay_until"])
    payment.confirming_at = now  # from here on nobody cancels it as unpaid: see `closing`
    payment.save(update_fields=["confirming_at"])
    return order
