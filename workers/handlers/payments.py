"""Ask PortOne what happened to money, and give money back."""

from commerce.checkout import paybacks, settling
from commerce.payments import portone
from commerce.payments.models import Payment, Refund
from workers.jobs import Context, Fact, Permanent


def settle(fact: Fact, context: Context) -> None:
    """Settle the payment that a webhook spoke of. While PortOne does not answer it is tried again."""
    try:
        settling.settle_payment(
            payment_id=fact.payload["payment_id"], gateway=portone.gateway(), now=context.now
        )
    except Payment.DoesNotExist as unknown:
        raise Permanent(f"no payment {fact.payload['payment_id']}") from unknown


def refund(fact: Fact, context: Context) -> None:
    """Give back what was requested; PortOne is asked first what is left, so a repetition pays once."""
    try:
        paybacks.execute_refund(
            refund_id=fact.payload["refund_id"], gateway=portone.gateway(), now=context.now
        )
    except Refund.DoesNotExist as unknown:
        raise Permanent(f"no refund {fact.payload['refund_id']}") from unknown
