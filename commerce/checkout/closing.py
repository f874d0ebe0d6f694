"""What happens to orders when nobody looks: unpaid ones expire, and open payments are asked about."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from commerce.checkout.grace import confirming_until, kept_until
from commerce.checkout.settling import Outcome, settle_payment
from commerce.events.types import Canceller
from commerce.inventory import stock
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.states import Status
from commerce.payments.gateway import Gateway, GatewayTrouble
from commerce.payments.models import Payment
from commerce.payments.states import PaymentState

logger = logging.getLogger(__name__)
_LATE_DEPOSITS = timedelta(days=7)  # how long after an order's end money may still arrive unheard
_LATE_LOOK = timedelta(hours=6)  # how often we ask about it
_OPEN = (PaymentState.OPEN, PaymentState.PENDING, PaymentState.FAILED, PaymentState.AWAITING_DEPOSIT)


class NotUnpaid(Exception):
    """An order that was to be cancelled as unpaid is paid, being paid, or closed already."""

    def __init__(self, number: str, outcome: Outcome) -> None:
        super().__init__(f"order {number} is not unpaid: {outcome}")
        self.outcome = outcome


class BeingConfirmed(NotUnpaid):
    """The shopper has agreed and the money may be moving; `until` this moment nobody can say that it did not."""

    def __init__(self, number: str, until: datetime) -> None:
        super().__init__(number, Outcome.PENDING)
        self.until = until


def cancel_unpaid(
    *,
    order_id: int,
    reason: str,
    note: str = "",
    by: Canceller = "staff",
    gateway: Gateway,
    now: datetime,
) -> None:
    """Cancel an order that nobody paid, before its time is over, and give its stock back.

    `reason` and `by` become part of the fact; `note` is for the timeline only, as staff may write anything
    there. The provider is asked first: an order that turns out to be paid is settled and stays. A deposit
    that arrives afterwards all the same is refunded by `settle_payment`.

    Raises:
        NotUnpaid: it is paid, the provider is busy with it, or it was closed before.
        BeingConfirmed: we said that the money may move (manual approval), so the answer that we have may be stale.
        GatewayTrouble: the provider could not be asked; nothing was changed.
    """
    order = Order.objects.select_related("payment").get(pk=order_id)
    if order.status != Status.PLACED:
        raise NotUnpaid(order.number, Outcome.PAID if order.paid_at else Outcome.CANCELLED)
    outcome = settle_payment(payment_id=order.payment.payment_id, gateway=gateway, now=now)
    if outcome == Outcome.PENDING:
        raise NotUnpaid(order.number, outcome)
    if not _cancel(order_id, reason, note, by, now=now):
        raise NotUnpaid(order.number, outcome)


def expire_unpaid_orders(*, gateway: Gateway, now: datetime, limit: int = 200) -> int:
    """Cancel orders whose time to pay is over and give their stock back; return how many.

    The provider is asked first: an order that was paid at the last moment is settled instead. While it
    cannot be asked the order stays; so it does for a while when its window was just opened or the provider
    is still working on the payment.
    """
    due = Order.objects.filter(status=Status.PLACED, pay_until__lte=now).order_by("pay_until")[:limit]
    return sum(_expire(order, gateway=gateway, now=now) for order in due)


def reconcile_payments(*, gateway: Gateway, now: datetime, older_than: timedelta, limit: int = 500) -> int:
    """Ask the provider about every payment that is still open after `older_than`; return how many were asked.

    Those that were not asked about for the longest time come first, whatever the answer was. Orders that
    ended unpaid are looked at for a week more: a deposit may arrive whose webhook was lost.
    """
    ended = Q(order__status=Status.CANCELLED, order__cancelled_at__gt=now - _LATE_DEPOSITS)
    rested = Q(checked_at=None) | Q(checked_at__lte=now - _LATE_LOOK)
    payments_ = Payment.objects.filter(
        Q(order__status=Status.PLACED) | ended & rested, state__in=_OPEN, opened_at__lte=now - older_than
    ).order_by(F("checked_at").asc(nulls_first=True), "opened_at")[:limit]
    return sum(_reconcile(payment, gateway=gateway, now=now) for payment in payments_)


def _reconcile(payment: Payment, *, gateway: Gateway, now: datetime) -> bool:
    Payment.objects.filter(pk=payment.pk).update(
        checked_at=now
    )  # also one in trouble goes to the end of the queue
    try:
        settle_payment(payment_id=payment.payment_id, gateway=gateway, now=now)
    except GatewayTrouble:
        logger.warning("payment %s could not be reconciled", payment.payment_id)
        return False
    except Exception:  # whatever it is, the others are not kept waiting for it
        logger.exception("payment %s cannot be settled", payment.payment_id)
        return False
    return True


def _expire(order: Order, *, gateway: Gateway, now: datetime) -> bool:
    try:
        settle_payment(payment_id=order.payment.payment_id, gateway=gateway, now=now)
    except GatewayTrouble:
        logger.warning("order %s stays open: the provider cannot be asked", order.number)
        return False
    except Exception:  # whatever it is, the orders behind it must not keep their stock for ever
        logger.exception("order %s stays open: its payment cannot be settled", order.number)
        return False
    return _close(order.pk, now=now)


@transaction.atomic(durable=True)
def _cancel(order_id: int, reason: str, note: str, by: Canceller, *, now: datetime) -> bool:
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.status != Status.PLACED:
        return False
    _refuse_while_confirming(order, now=now)
    _give_up(order, reason, by, now=now)
    if note:
        orders.add_note(order=order, note=note, now=now)
    return True


@transaction.atomic(durable=True)
def _close(order_id: int, *, now: datetime) -> bool:
    order = Order.objects.select_for_update().get(pk=order_id)
    payment = Payment.objects.get(order=order)
    if order.status != Status.PLACED or kept_until(order=order, payment=payment) > now:
        return False
    _give_up(order, "not paid in time", "shop", now=now)
    return True


def _refuse_while_confirming(order: Order, *, now: datetime) -> None:
    """Refuse to close a locked order whose goods are held for a payment that we confirm, however it was asked about.

    The lock decides: who comes first is seen by the other, so nobody is charged for an order that is off.
    """
    until = confirming_until(payment=Payment.objects.get(order=order))
    if until and until > now:
        raise BeingConfirmed(order.number, until)


def _give_up(order: Order, reason: str, by: Canceller, *, now: datetime) -> None:
    stock.release(reference=order.number, now=now)
    orders.cancel(order=order, reason=reason, by=by, now=now)
