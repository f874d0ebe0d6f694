"""What is told of refunds: one fact for each step."""

from datetime import datetime
from typing import Any

from commerce.events import outbox, types
from commerce.payments.models import Refund
from commerce.payments.states import RefundState


def tell_requested(*, refund: Refund, now: datetime) -> None:
    """Record that a refund was asked for, and that it waits for an account if it does."""
    order_id = refund.payment.order_id
    outbox.record(
        types.RefundRequested(
            order_id=order_id,
            refund_id=refund.pk,
            amount=refund.amount,
            reason=refund.reason,
            occurred_at=now,
        )
    )
    if refund.state == RefundState.WAITING_FOR_ACCOUNT:
        outbox.record(types.RefundAccountNeeded(order_id=order_id, refund_id=refund.pk, occurred_at=now))


def tell_state(*, refund: Refund, now: datetime) -> None:
    """Record that the provider paid, took or refused a refund; its other states are no news."""
    told: dict[str, Any] = {
        "order_id": refund.payment.order_id,
        "refund_id": refund.pk,
        "amount": refund.amount,
        "occurred_at": now,
    }
    match refund.state:
        case RefundState.SUCCEEDED:
            outbox.record(types.RefundCompleted(**told))
        case RefundState.PENDING:
            outbox.record(types.RefundAccepted(**told))
        case RefundState.FAILED:
            outbox.record(types.RefundFailed(reason=refund.failure, **told))
