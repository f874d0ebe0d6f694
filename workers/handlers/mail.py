"""Which mail follows from which fact. What it says is in `workers.letters`, how it leaves in `workers.mail`."""

from commerce.orders import selectors
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus
from commerce.payments.models import Refund
from commerce.payments.states import RefundState
from workers import letters, mail
from workers.jobs import Context, Fact, Permanent


def confirm_order(fact: Fact, context: Context) -> None:
    """Tell a shopper that the order is paid and what was agreed."""
    _send(letters.order_paid(order=_order(fact)), context)


def ask_for_deposit(fact: Fact, context: Context) -> None:
    """Tell a shopper where to transfer the money; not when it came meanwhile."""
    order = _order(fact)
    if order.payment_status == PaymentStatus.AWAITING_DEPOSIT:
        _send(letters.deposit_awaited(order=order), context)


def tell_of_cancellation(fact: Fact, context: Context) -> None:
    """Tell a shopper that the order will not be delivered, and what becomes of the money."""
    _send(letters.order_cancelled(order=_order(fact), reason=fact.payload["reason"]), context)


def tell_of_refund(fact: Fact, context: Context) -> None:
    """Tell a shopper that money is on its way back."""
    _send(letters.refund_completed(order=_order(fact), refund=_refund(fact)), context)


def ask_for_account(fact: Fact, context: Context) -> None:
    """Ask a shopper where the money of a deposit may go; not when we know it meanwhile."""
    refund = _refund(fact)
    if refund.state == RefundState.WAITING_FOR_ACCOUNT:
        _send(letters.refund_account_needed(order=_order(fact), refund=refund), context)


def _order(fact: Fact) -> Order:
    try:
        return selectors.by_id(order_id=fact.payload["order_id"])
    except Order.DoesNotExist as gone:
        raise Permanent(f"no order {fact.payload['order_id']}") from gone


def _refund(fact: Fact) -> Refund:
    try:
        return Refund.objects.get(pk=fact.payload["refund_id"])
    except Refund.DoesNotExist as gone:
        raise Permanent(f"no refund {fact.payload['refund_id']}") from gone


def _send(letter: letters.Letter, context: Context) -> None:
    mail.send_once(letter=letter, key=context.idempotency_key, now=context.now)
