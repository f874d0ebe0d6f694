"""Ask PortOne what happened to money, and give money back."""

from commerce.checkout import paybacks, receipting, settling
from commerce.events import types
from commerce.orders.models import Order
from commerce.payments import portone
from commerce.payments.gateway import GatewayTrouble, ReceiptRefused
from commerce.payments.models import Payment, Refund
from commerce.payments.states import PaymentState
from workers.jobs import Context, Fact, Permanent

RECEIPT_TRIES = 4


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


def settle_receipt(fact: Fact, context: Context) -> None:
    """Issue, cancel or correct an order's cash receipt; after the last try staff is asked to look."""
    refunded = fact.type == types.RefundCompleted.name
    told = fact.read(types.RefundCompleted) if refunded else fact.read(types.OrderPaid)
    try:
        receipting.settle_receipt(order_id=told.order_id, gateway=portone.gateway(), now=context.now)
    except Order.DoesNotExist as unknown:
        raise Permanent(f"no order {told.order_id}") from unknown
    except (GatewayTrouble, ReceiptRefused) as trouble:
        if context.attempt < RECEIPT_TRIES:
            raise
        receipting.give_up(order_id=told.order_id, why=str(trouble), now=context.now)


def _refund_of(fact: Fact) -> int:
    if fact.type == types.RefundAccountGiven.name:
        return fact.read(types.RefundAccountGiven).refund_id
    return fact.read(types.RefundRequested).refund_id
