"""Write refunds: ask for one, follow what the provider lists, and add up what went back.

Whoever calls has locked the order and then the payment; nothing here talks to the provider.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from commerce.events import outbox, types
from commerce.money import amounts
from commerce.payments import refund_facts, refund_matching
from commerce.payments.gateway import BankAccount, GatewayRefund
from commerce.payments.models import Payment, Refund, RefundLine
from commerce.payments.states import PaymentState, RefundKind, RefundState, Requester
from commerce.rows import hold, read


class UnableToRefund(Exception):
    """Nothing was written down."""


class MoreThanReceived(UnableToRefund):
    """The payment holds only `left` won that are not on their way back."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} won are left")
        self.left = left


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePart:
    """Units of an order's line; `amount` in won. `cancelled`: they were never sent and never will be."""

    line_id: int
    quantity: int
    amount: int
    cancelled: bool = False
    restocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a refund is made of, in won. `points` go back to the customer's points, the rest is money."""

    lines: Sequence[LinePart] = ()
    shipping: int = 0
    goodwill: int = 0
    fee: int = 0
    points: int = 0  # besides the money

    @property
    def goods(self) -> int:
        """Return what goes back for goods."""
        return sum(line.amount for line in self.lines)

    @property
    def amount(self) -> int:
        """Return the money that goes back."""
        return self.goods + self.shipping + self.goodwill - self.fee


def request(
    *,
    payment: Payment,
    cause: str,
    parts: Parts,
    reason: str,
    requester: Requester = Requester.SYSTEM,
    account: BankAccount | None = None,
    now: datetime,
) -> Refund:
    """Write down that money must go back, and record it; a worker asks the provider.

    `cause` names what asks, for example `claim:7`: asked again, the same refund is returned and nothing else
    happens. The money of a deposit waits until there is an account for it. What gives back points only is done at once.

    Raises:
        MoreThanReceived: so much is not left of the payment.
        ValueError: neither money nor points go back.
    """
    again = payment.refunds.filter(cause=cause).first()
    if again:
        return again
    if parts.amount < 0 or not (parts.amount or parts.points):
        raise ValueError("a refund gives something back")
    if parts.amount > left(payment=payment):
        raise MoreThanReceived(left(payment=payment))
    homeless = needs_account(payment=payment) and account is None
    moneyless = not parts.amount
    waits = RefundState.WAITING_FOR_ACCOUNT if homeless else RefundState.REQUESTED
    refund = _write(
        payment,
        parts,
        cause=cause,
        reason=reason[:200],
        requester=requester,
        account={} if moneyless else _stored(account),
        state=RefundState.SUCCEEDED if moneyless else waits,
        requested_at=now,
        completed_at=now if moneyless else None,
    )
    refund_facts.tell_requested(refund=refund, now=now)
    if moneyless:
        refund_facts.tell_state(refund=refund, now=now)
    return refund


def live(*, payment: Payment) -> QuerySet[Refund]:
    """Return the refunds that count: all but those that were given up."""
    return payment.refunds.exclude(state=RefundState.ABANDONED)


def left(*, payment: Payment) -> int:
    """Return how many won of a payment are neither back nor on their way."""
    return payment.received - _sum(live(payment=payment))


def needs_account(*, payment: Payment) -> bool:
    """Return whether money can only go back to an account that the shopper names: it came as a deposit."""
    return bool(payment.account)


def give_account(*, refund: Refund, account: BankAccount, now: datetime) -> None:
    """Let a locked refund that waits for an account, or failed with one, go to this one."""
    refund.account, refund.state, refund.failure = _stored(account), RefundState.REQUESTED, ""
    refund.save(update_fields=["account", "state", "failure"])
    outbox.record(
        types.RefundAccountGiven(order_id=refund.payment.order_id, refund_id=refund.pk, occurred_at=now)
    )


def wait_for_account(*, refund: Refund, now: datetime) -> None:
    """Let a locked refund wait until the shopper names an account."""
    refund.state = RefundState.WAITING_FOR_ACCOUNT
    refund.save(update_fields=["state"])
    outbox.record(
        types.RefundAccountNeeded(order_id=refund.payment.order_id, refund_id=refund.pk, occurred_at=now)
    )


def begin_attempt(*, refund: Refund, now: datetime) -> str:
    """Note on a locked refund that the provider is asked now; return the reason to send, with our mark.

    Written before asking: whoever comes next waits for the outcome instead of asking again.
    """
    refund.state, refund.asked_at, refund.attempts = RefundState.PENDING, now, refund.attempts + 1
    refund.cancellation_id = ""
    refund.save(update_fields=["state", "asked_at", "attempts", "cancellation_id"])
    return refund_matching.marked_reason(refund=refund)


def not_asked(*, refund: Refund) -> None:
    """Take back on a locked refund that the provider was asked: it never heard of it."""
    refund.state, refund.asked_at = RefundState.REQUESTED, None
    refund.save(update_fields=["state", "asked_at"])


def give_up(*, refund: Refund, why: str) -> None:
    """Give up a locked refund: it counts for nothing any more."""
    refund.state, refund.account, refund.failure = RefundState.ABANDONED, {}, why[:300]
    refund.save(update_fields=["state", "account", "failure"])


def fail(*, refund: Refund, why: str, now: datetime) -> None:
    """Write down that the provider refused a locked refund; only staff tries again."""
    known, refund.state, refund.failure = refund.failure, RefundState.FAILED, why[:300]
    refund.save(update_fields=["state", "failure"])
    if refund.failure != known:  # the same refusal again is no news
        refund_facts.tell_state(refund=refund, now=now)


def name(*, refund: Refund, cancellation_id: str) -> None:
    """Note on a locked refund under which id the provider keeps it."""
    refund.cancellation_id = cancellation_id
    refund.save(update_fields=["cancellation_id"])


def accept(*, refund: Refund, now: datetime) -> None:
    """Record that the provider took a locked refund and is working on it."""
    refund_facts.tell_state(refund=refund, now=now)


def absorb(*, payment: Payment, listed: Iterable[GatewayRefund], now: datetime) -> list[Refund]:
    """Bring the refunds of a locked payment up to what the provider lists; return those that moved.

    A cancellation is ours by its id, or by the mark that we sent with its reason, never by its amount alone.
    One without a mark was made by hand at the provider's console: either in place of a refund of ours that
    waits for just that, or as a refund of its own, whose sum staff still has to allocate.
    """
    rows = read(Refund, "payment_id = %s ORDER BY id FOR UPDATE", payment.pk)
    for known in rows:
        hold(known, payment=payment)
    moved = []
    for one in listed:
        row = refund_matching.ours(rows=rows, one=one)
        if row is None and one.state != RefundState.FAILED:
            row = _by_hand(payment, rows, one, now=now)
        if row and refund_matching.follow(row=row, one=one, now=now):
            moved.append(row)
    if moved:
        moved += _make_room(payment, rows)
        _sum_up(payment)
    return moved


def write_lines(*, refund: Refund, parts: Parts) -> None:
    """Write down which units of an order a refund gives back."""
    RefundLine.objects.bulk_create(
        RefundLine(
            refund=refund,
            order_line_id=line.line_id,
            quantity=line.quantity,
            amount=line.amount,
            cancelled=line.cancelled,
            restocked=line.restocked,
        )
        for line in parts.lines
    )


def _by_hand(payment: Payment, rows: list[Refund], one: GatewayRefund, *, now: datetime) -> Refund:
    """Return the refund that a cancellation without our mark stands for, a new one if need be."""
    waits = [RefundState.FAILED, RefundState.WAITING_FOR_ACCOUNT]
    if left(payment=payment) < one.amount:  # both cannot be true: somebody was quicker than our worker
        waits.append(RefundState.REQUESTED)
    known = refund_matching.stands_for(rows=rows, one=one, states=waits)
    if known:
        return known
    row = _write(
        payment,
        Parts(goodwill=one.amount),
        cause=f"console:{one.cancellation_id}"[:80],
        kind=RefundKind.EXTERNAL,
        reason="refunded at the provider",
        requester=Requester.STAFF,
        requested_at=now,
    )
    rows.append(row)
    return row


def _make_room(payment: Payment, rows: Sequence[Refund]) -> list[Refund]:
    """Give up what can no longer be paid because the money went back at the console; newest first."""
    gone = []
    for row in sorted(
        rows, key=lambda row: (row.cancellation_id != "", row.state == RefundState.PENDING, -row.pk)
    ):
        if left(payment=payment) >= 0:
            break
        if row.state not in refund_matching.ENDED:
            give_up(refund=row, why="the money went back at the provider's console")
            gone.append(row)
    return gone


def _sum_up(payment: Payment) -> None:
    payment.cancelled_amount = _sum(payment.refunds.filter(state=RefundState.SUCCEEDED))
    if payment.cancelled_amount:
        whole = payment.cancelled_amount >= payment.received
        payment.state = PaymentState.CANCELLED if whole else PaymentState.PARTLY_CANCELLED
    payment.save(update_fields=["cancelled_amount", "state"])


def _write(payment: Payment, parts: Parts, **fields: object) -> Refund:
    refund = Refund.objects.create(
        payment=payment,
        amount=parts.amount,
        goods_amount=parts.goods,
        shipping_amount=parts.shipping,
        goodwill_amount=parts.goodwill,
        fee=parts.fee,
        points=parts.points,
        vat=_vat(payment, parts.amount),
        **fields,
    )
    write_lines(refund=refund, parts=parts)
    return refund


def _vat(payment: Payment, amount: int) -> int:
    order = payment.order
    ordered = payment.received == order.total  # else the money was never the order's
    rows = live(payment=payment)
    return amounts.vat_of_next(
        part=amount,
        taken=_sum(rows),
        taken_vat=rows.aggregate(won=Sum("vat"))["won"] or 0,
        whole=payment.received,
        whole_vat=order.vat if ordered else amounts.vat_inside(payment.received),
    )


def _sum(rows: QuerySet[Refund]) -> int:
    return int(rows.aggregate(won=Sum("amount"))["won"] or 0)


def _stored(account: BankAccount | None) -> dict[str, str]:
    if account is None:
        return {}
    return {"bank": account.bank, "number": account.number, "holder": account.holder}
