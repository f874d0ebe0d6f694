"""Say what a refund is made of that somebody made at the provider's console: it comes as a bare sum.

Whoever calls has locked the order and then the payment.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from commerce.events import outbox, types
from commerce.payments.models import Payment, Refund, RefundLine
from commerce.payments.refunds import Parts, write_lines
from commerce.payments.states import RefundKind, RefundState

_ALLOCATED = ["goods_amount", "shipping_amount", "goodwill_amount", "fee", "points", "allocated_at"]


def unallocated(*, payment: Payment) -> QuerySet[Refund]:
    """Return the refunds of the provider's console of which nobody has said yet what they were for."""
    by_hand = payment.refunds.filter(kind=RefundKind.EXTERNAL, state=RefundState.SUCCEEDED)
    return by_hand.filter(allocated_at=None, goodwill_amount__gt=0)


def allocate(*, refund: Refund, parts: Parts, now: datetime) -> None:
    """Say what the sum of a locked refund is made of, when it was a bare sum so far.

    Raises:
        ValueError: the parts make another sum.
    """
    if parts.amount != refund.amount or refund.lines.exists():
        raise ValueError("the parts do not make the refund's sum")
    refund.goods_amount, refund.shipping_amount = parts.goods, parts.shipping
    refund.goodwill_amount, refund.fee, refund.points = parts.goodwill, parts.fee, parts.points
    refund.allocated_at = now
    refund.save(update_fields=_ALLOCATED)
    write_lines(refund=refund, parts=parts)


def forget_allocation(*, refund: Refund) -> None:
    """Make a locked refund of the console a bare sum again."""
    refund.lines.all().delete()
    refund.goods_amount, refund.shipping_amount, refund.fee, refund.points = 0, 0, 0, 0
    refund.goodwill_amount, refund.allocated_at = refund.amount, None
    refund.save(update_fields=_ALLOCATED)


def tell_allocated(*, refund: Refund, moved: Iterable[RefundLine], now: datetime, sign: int = 1) -> None:
    """Record what a refund of the console is made of now; `moved` lines count as refunded, or no longer (−1)."""
    outbox.record(
        types.RefundAllocated(
            order_id=refund.payment.order_id,
            refund_id=refund.pk,
            goods=refund.goods_amount,
            shipping=refund.shipping_amount,
            goodwill=refund.goodwill_amount,
            fee=refund.fee,
            lines=tuple(
                f"{line.order_line_id}:{sign * line.quantity}:{sign * line.amount}" for line in moved
            ),
            occurred_at=now,
        )
    )
