"""Lay the cancellations that the provider lists beside our refunds: which is whose, and what it says of it."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from commerce.payments import refund_facts
from commerce.payments.gateway import GatewayRefund
from commerce.payments.models import Refund
from commerce.payments.states import RefundKind, RefundState

ENDED = (RefundState.SUCCEEDED, RefundState.ABANDONED)
_MARK = re.compile(r"#R(?P<refund>\d+)-(?P<attempt>\d+)$")


def marked_reason(*, refund: Refund) -> str:
    """Return the reason to send with an attempt: by the mark at its end we know it again in the list."""
    return f"{refund.reason[:120]} #R{refund.pk}-{refund.attempts}"


def ours(*, rows: Sequence[Refund], one: GatewayRefund) -> Refund | None:
    """Return the refund of which a cancellation is an attempt: by its id, or by the mark, never by its amount alone."""
    if one.cancellation_id:
        for row in rows:
            if row.cancellation_id == one.cancellation_id:
                return row
    marked = _MARK.search(one.reason)
    if not marked:
        return None
    for row in rows:
        fits = row.pk == int(marked["refund"]) and row.amount == one.amount
        newest = row.attempts == int(marked["attempt"]) or one.state != RefundState.FAILED
        if fits and newest and row.state != RefundState.SUCCEEDED:
            return row
    return None


def stands_for(
    *, rows: Sequence[Refund], one: GatewayRefund, states: Collection[RefundState]
) -> Refund | None:
    """Return the refund in one of these states in place of which a cancellation was made at the console."""
    if _MARK.search(one.reason):
        return None
    return next((row for row in rows if row.state in states and row.amount == one.amount), None)


def follow(*, row: Refund, one: GatewayRefund, now: datetime) -> bool:
    """Bring a refund to what the provider says of it; return whether its state changed."""
    if row.state == RefundState.SUCCEEDED or (row.state, row.cancellation_id) == (
        one.state,
        one.cancellation_id,
    ):
        return False
    if one.state == RefundState.FAILED and row.state != RefundState.PENDING:
        return False
    before = row.state
    row.state, row.cancellation_id, row.failure = one.state, one.cancellation_id, one.failure[:300]
    if row.kind == RefundKind.EXTERNAL and one.state == RefundState.FAILED:
        row.state = RefundState.ABANDONED  # not ours to try again
    if row.state in ENDED:
        row.account = {}
    if row.state == RefundState.SUCCEEDED:
        row.completed_at = now
    row.save()
    refund_facts.tell_state(refund=row, now=now)
    return row.state != before
