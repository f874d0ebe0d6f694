"""What a refund is made of, in words for whoever reads it: shopper, staff or a mail."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.money import amounts
from commerce.orders.models import Order
from commerce.payments.models import Refund, RefundLine
from commerce.payments.states import RefundKind, RefundState

# A refusal is the shop's to mend: to the shopper the money is on its way.
_STATES: dict[str, str | Promise] = {
    RefundState.SUCCEEDED: gettext_lazy("Refund completed"),
    RefundState.WAITING_FOR_ACCOUNT: gettext_lazy("Waiting for your account"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the sum."""

    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class Told:
    """A refund as its shopper reads it; `done`: the money has left us."""

    amount: str
    points: str  # that come back besides; empty when none do
    state: str
    done: bool
    at: datetime
    parts: list[Part]


def told(*, order: Order, language: str) -> list[Told]:
    """Return the refunds of an order for its shopper, oldest first; one that was given up is not her concern."""
    if order.holds_everything:
        return []
    rows = order.payment.refunds.exclude(state=RefundState.ABANDONED).order_by("pk")
    with translation.override(language):
        return [
            Told(
                amount=amounts.show(row.amount, language=language),
                points=points(refund=row, language=language),
                state=str(_STATES.get(row.state, _("Being given back"))),
                done=row.state == RefundState.SUCCEEDED,
                at=row.completed_at or row.requested_at,
                parts=parts(refund=row, language=language),
            )
            for row in rows
        ]


def going_back(*, order: Order, language: str) -> str:
    """Return how much money an order gives back in all, as its shopper reads it; empty when it gives none."""
    if order.holds_everything:
        return ""
    rows = order.payment.refunds.exclude(state=RefundState.ABANDONED).values_list("amount", flat=True)
    won = sum(rows)
    return amounts.show(won, language=language) if won else ""


def units_back(*, order: Order) -> Counter[int]:
    """Return how many units of each line are paid back or will be, by line id."""
    if order.holds_everything:
        return Counter()
    rows = RefundLine.objects.filter(refund__payment=order.payment).exclude(
        refund__state=RefundState.ABANDONED
    )
    return Counter({pk: units for pk, units in rows.values_list("order_line").annotate(Sum("quantity"))})


def waits_for_account(*, order: Order) -> bool:
    """Return whether a refund of the order waits until its shopper names an account."""
    return (
        not order.holds_everything
        and order.payment.refunds.filter(state=RefundState.WAITING_FOR_ACCOUNT).exists()
    )


def points(*, refund: Refund, language: str) -> str:
    """Return the points that come back besides the money; empty when none do."""
    return amounts.show(refund.points, language=language) if refund.points else ""


def parts(*, refund: Refund, language: str) -> list[Part]:
    """Return the rows that add up to a refund: goods line by line, delivery, a price cut, what was deducted."""
    with translation.override(language):
        rows = [
            (f"{line.order_line.title} × {line.quantity}", line.amount)
            for line in refund.lines.select_related("order_line").order_by("order_line_id")
        ]
        rows.append((_("Delivery"), refund.shipping_amount))
        label = _("Price reduction") if refund.kind == RefundKind.OURS else _("Sum given back")
        rows.append((label, refund.goodwill_amount))
        rows.append((_("Delivery costs deducted"), -refund.fee))
        return [Part(label, amounts.show(won, language=language)) for label, won in rows if won]
