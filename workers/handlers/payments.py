"""Ask PortOne what happened to money, and give money back."""

from commerce.checkout import paybacks, settling
from commerce.events import types
from commerce.payments import portone
from commerce.payments.models import Payment, Refund
from commerce.payments.states import PaymentState
from workers.jobs import Context, Fact, Permanent


def settle(fact: Fact, context: Context) -> None:
    """Settle the payment that a webhook spoke of. While PortOne does not answer it is tried again."""
    payment_id = fact.read(types.PaymentNoticed).payment_id
    try:
        settling.settle_payment(payment_id=payment_id, gateway=portone.gateway(), now=context.now)
    except Payment.DoesNotExist as unknown:
        raise Permanent(f"no payment {payment_id}") from unknown


def close_account(fact: Fact, _context: Context) -> None:
    """Close the virtual account of a cancelled order, so that nobody transfers money that must go back."""
    payment = Payment.objects.filter(order_id=fact.read(types.OrderCancelled).order_id).first()
    if payment is not None and payment.state == PaymentState.AWAITING_DEPOSIT:
        portone.gateway().close_account(payment_id=payment.payment_id)


def refund(fact: Fact, context: Context) -> None:
    """Give back what was requested; PortOne is asked first what is left, so a repetition pays once."""
    refund_id = _refund_of(fact)
    try:
        paybacks.execute_refund(refund_id=refund_id, gateway=portone.gateway(), now=context.now)
    except Refund.DoesNotExist as unknown:
        raise Permanent(f"no refund {refund_id}") from unknown


def _refund_of(fact: Fact) -> int:
    if fact.type == types.RefundAccountGiven.name:
        return fact.read(types.RefundAccountGiven).refund_id
    return fact.read(types.RefundRequested).refund_id
