"""Whatever tells us that money moved (return page, webhook, reconciliation) ends in `settle_payment`."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from commerce.checkout import refunding
from commerce.inventory import stock
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.payments import services as payments
from commerce.payments.gateway import Gateway, GatewayPayment, PaymentUnknown
from commerce.payments.models import Payment
from commerce.payments.states import PaymentState
from commerce.rows import one


class Outcome(StrEnum):
    """What a shopper must be told."""

    OPEN = "open"  # nothing was paid yet
    PENDING = "pending"  # the provider is still busy
    FAILED = "failed"
    AWAITING_DEPOSIT = "awaiting_deposit"
    PAID = "paid"
    REFUNDING = "refunding"  # paid, but we cannot deliver: the money goes back
    CANCELLED = "cancelled"
    SUSPICIOUS = "suspicious"  # the provider's payment is not the one we opened


def settle_payment(*, payment_id: str, gateway: Gateway, now: datetime) -> Outcome:
    """Bring payment and order to what PortOne says, however often and in whatever order it is called.

    The provider is asked before anything is locked; what it says is compared field by field.

    Raises:
        Payment.DoesNotExist: we never opened such a payment.
        GatewayTrouble: the provider could not be asked; nothing was changed.
    """
    order_id = one(Payment, "payment_id = %s", payment_id).order_id
    try:
        found = gateway.fetch(payment_id=payment_id)
    except PaymentUnknown:
        return _standing(order_id)
    return _apply(order_id, found, now=now)


@transaction.atomic(durable=True)
def _apply(order_id: int, found: GatewayPayment, *, now: datetime) -> Outcome:
    order, payment = refunding.lock(order_id=order_id)
    wrong = payments.mismatches(payment=payment, found=found)
    if wrong:
        return _distrust(order, payment, found, wrong, now=now)
    told = (payment.state, payment.cancelled_amount)
    changed = payments.project(payment=payment, found=found, now=now)
    refunding.absorb(order=order, payment=payment, listed=found.refunds, told=told, now=now)
    before = order.status
    outcome = _reach(order, payment, changed=changed, now=now)
    _compare(order, payment, found, now=now)
    if order.status == before:  # else where the money is was written with the new status
        orders.project_money(order=order)
    return outcome


def _reach(order: Order, payment: Payment, *, changed: bool, now: datetime) -> Outcome:
    match payment.state:
        case PaymentState.PAID:
            return _take(order, payment, now=now)
        case PaymentState.AWAITING_DEPOSIT:
            return _await_deposit(order, payment, now=now)
        case PaymentState.FAILED:
            return _fail(order, payment, changed=changed, now=now)
        case PaymentState.PARTLY_CANCELLED:
            return _take(order, payment, now=now)  # a part was given back before we ever saw it paid
        case PaymentState.CANCELLED:
            return Outcome.CANCELLED
    return Outcome.PENDING if payment.state == PaymentState.PENDING else Outcome.OPEN


def _take(order: Order, payment: Payment, *, now: datetime) -> Outcome:
    if order.paid_at:
        return Outcome.PAID if order.status != Status.CANCELLED else Outcome.REFUNDING
    if order.status == Status.CANCELLED:
        return _refund(order, payment, "paid after the order was cancelled", now=now)
    if not _stock_is_ours(order, now=now):
        orders.cancel(order=order, reason="sold out", now=now)
        return _refund(order, payment, "paid, but sold out", now=now)
    orders.mark_paid(order=order, paid_at=payment.paid_at or now, now=now)
    return Outcome.PAID


def _compare(order: Order, payment: Payment, found: GatewayPayment, *, now: datetime) -> None:
    """Ask staff to look when the provider gave back what its own list does not explain."""
    if found.changed_at == payment.provider_changed_at and found.cancelled != payment.cancelled_amount:
        why = f"the provider gave back {found.cancelled} won, our refunds say {payment.cancelled_amount}"
        orders.raise_flag(order=order, why=why, now=now)


def _stock_is_ours(order: Order, *, now: datetime) -> bool:
    if stock.sell(reference=order.number, now=now):
        return True
    wanted = {line.variant_id: line.quantity for line in order.lines.all()}
    try:
        with transaction.atomic():  # the promise was released: ask for it again
            stock.reserve(quantities=wanted, reference=order.number, expires_at=now, now=now)
    except stock.OutOfStock:
        return False
    return stock.sell(reference=order.number, now=now)


def _await_deposit(order: Order, payment: Payment, *, now: datetime) -> Outcome:
    if order.status != Status.PLACED:
        orders.raise_flag(order=order, why="a virtual account is open for a closed order", now=now)
        return Outcome.CANCELLED
    if order.payment_status != PaymentStatus.AWAITING_DEPOSIT:
        until = _deadline(payment, now=now)
        stock.extend(reference=order.number, expires_at=until)
        orders.mark_awaiting_deposit(order=order, until=until, now=now)
    return Outcome.AWAITING_DEPOSIT


def _deadline(payment: Payment, *, now: datetime) -> datetime:
    until = payment.account.get("until", "")
    if until:
        return datetime.fromisoformat(until)
    return now + timedelta(hours=settings.CHECKOUT_DEPOSIT_HOURS)


def _fail(order: Order, payment: Payment, *, changed: bool, now: datetime) -> Outcome:
    if changed and order.status == Status.PLACED:
        orders.mark_payment_failed(
            order=order, reason=payment.failure, payment_id=payment.payment_id, now=now
        )
    return Outcome.FAILED


def _distrust(
    order: Order, payment: Payment, found: GatewayPayment, wrong: list[payments.Mismatch], *, now: datetime
) -> Outcome:
    """The payment is not what we opened. Money that did arrive under our id at our store goes back."""
    why = "; ".join(map(str, wrong))
    if orders.raise_flag(order=order, why=f"payment mismatch: {why}", now=now):
        payments.refuse(payment=payment, wrong=wrong, now=now)
    ours = found.payment_id == payment.payment_id and found.store_id == settings.PORTONE_STORE_ID
    if not ours or found.state != PaymentState.PAID or _accepted(order, payment):
        return Outcome.SUSPICIOUS
    payments.take_in(payment=payment, found=found)
    if order.status == Status.PLACED:
        stock.release(reference=order.number, now=now)
        orders.cancel(order=order, reason="payment mismatch", now=now)
    refunding.refund_unkept(order=order, payment=payment, why=why, now=now)
    return Outcome.REFUNDING


def _accepted(order: Order, payment: Payment) -> bool:
    """Return whether this money was found right before, or went back already: then we changed, not the money.

    A new channel key, for example, must not give the money of older orders back.
    """
    kept = order.paid_at is not None and order.status != Status.CANCELLED
    return kept or payment.state in (PaymentState.PARTLY_CANCELLED, PaymentState.CANCELLED)


def _refund(order: Order, payment: Payment, why: str, *, now: datetime) -> Outcome:
    if refunding.refund_unkept(order=order, payment=payment, why=why, now=now):
        orders.raise_flag(order=order, why=why, now=now)  # once: later the flag may say why it failed
    return Outcome.REFUNDING


def _standing(order_id: int) -> Outcome:
    """Answer from what we know when the provider knows nothing."""
    order = Order.objects.get(pk=order_id)
    if order.status == Status.CANCELLED:
        return Outcome.CANCELLED
    return Outcome.PAID if order.paid_at else Outcome.OPEN
