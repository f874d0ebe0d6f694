"""Refunds in the words of the back office: proposals, refusals, and the list on an order's page."""

from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cms.backoffice import words
from commerce.checkout import allocating, refunding
from commerce.fulfilment import selectors as parcels
from commerce.orders import refund_words
from commerce.orders.models import Order
from commerce.orders.refund_math import MoreThanLeft, MoreThanOrdered, Proposal, WorthMore
from commerce.orders.states import Status
from commerce.payments import refunds
from commerce.payments.models import Refund
from commerce.payments.states import RefundKind, RefundState

_TROUBLED = (RefundState.FAILED, RefundState.ABANDONED)


def rows(*, order: Order, proposal: Proposal) -> list[tuple[str, str]]:
    """Return the parts of a proposal that are not nothing."""
    titles = {line.pk: line.title for line in order.lines.all()}
    parts = [(f"{titles[share.line_id]} × {share.quantity}", share.amount) for share in proposal.shares]
    parts += [
        (_("Delivery"), proposal.shipping),
        (_("Price reduction"), proposal.goodwill),
        (_("Delivery costs deducted"), -proposal.fee),
        (_("of it from points"), proposal.from_points),
        (_("Points that come back besides"), proposal.points),
    ]
    return [(label, words.won(won)) for label, won in parts if won]


def consequences(
    *, order: Order, proposal: Proposal, restock: bool, returned: bool, account: bool
) -> list[str]:
    """Return what else will happen when a proposal is confirmed."""
    said = []
    units = sum(share.quantity for share in proposal.shares)
    if proposal.last and not refunding.is_dispatched(order=order) and order.status == Status.PAID:
        said.append(_("Nothing is kept and nothing was sent: the order will be cancelled."))
    staying = {} if returned else parcels.left_to_ship(order)
    kept = sum(min(share.quantity, staying.get(share.line_id, 0)) for share in proposal.shares)
    if kept and refunding.is_dispatched(order=order):
        said.append(
            ngettext(
                "%(count)d unit has not left yet and will not be sent.",
                "%(count)d units have not left yet and will not be sent.",
                kept,
            )
            % {"count": kept}
        )
    if units and restock:
        said.append(
            ngettext("%(count)d unit goes back on the shelf.", "%(count)d units go back on the shelf.", units)
            % {"count": units}
        )
    if units and not restock:
        said.append(_("The stock stays as it is."))
    if refunds.needs_account(payment=order.payment) and not account:
        said.append(_("It was paid by deposit: the customer is asked for an account first."))
    return said


def refusal(why: Exception) -> str:
    """Return why a refund cannot be made."""
    match why:
        case MoreThanOrdered(left=left):
            return ngettext(
                "Only %(count)d unit of this line is left to refund.",
                "Only %(count)d units of this line are left to refund.",
                left,
            ) % {"count": left}
        case MoreThanLeft(part=part, left=left):
            names = {
                "shipping": _("Delivery given back"),
                "goodwill": _("Price reduction"),
                "fee": _("Deducted for delivery"),
            }
            return _("%(part)s: at most %(left)s.") % {"part": names[part], "left": words.won(left)}
        case WorthMore(worth=worth, amount=amount, fee=fee):
            return _worth_more(worth, amount, fee)
        case refunding.SumChanged(amount=amount):
            return _("The order has changed meanwhile: it would be %(amount)s now. Please look again.") % {
                "amount": words.won(amount)
            }
        case refunds.MoreThanReceived(left=left):
            return _("Only %(left)s of the payment are left.") % {"left": words.won(left)}
        case refunding.NotPaid():
            return _("This order was not paid.")
    return _("Nothing would go back. Choose units or a sum.")


def _worth_more(worth: int, amount: int, fee: int) -> str:
    sums = {"worth": words.won(worth), "amount": words.won(amount), "fee": words.won(fee)}
    if fee:
        return (
            _(
                "These units and the delivery come to %(worth)s, but only %(amount)s went back. Choose less, or "
                "enter what was deducted for delivery: %(fee)s at most."
            )
            % sums
        )
    return (
        _(
            "These units and the delivery come to %(worth)s, but only %(amount)s went back. Choose less: what is "
            "left over counts as a price reduction."
        )
        % sums
    )


def listed(*, row: Refund, closed: bool) -> dict[str, Any]:
    """Return a refund as the order's page lists it; `closed`: its order is cancelled."""
    return {
        "pk": row.pk,
        "unexplained": is_unexplained(row),
        "explained": allocating.may_be_taken_back(refund=row) and not closed,
        "amount": words.won(row.amount),
        "state": row.get_state_display(),
        "tone": words.REFUND_TONES.get(row.state, "calm"),
        "parts": refund_words.parts(refund=row, language=get_language() or "ko"),
        "points": words.won(row.points) if row.points else "",
        "vat": words.won(row.vat),
        "by": row.get_requester_display(),
        "kind": row.get_kind_display() if row.kind == "external" else "",
        "reason": words.reason(row.reason),
        "failure": words.reason(row.failure) if row.state in _TROUBLED else "",
        "requested_at": words.moment(row.requested_at),
        "completed_at": words.moment(row.completed_at) if row.state == RefundState.SUCCEEDED else "",
    }


def is_unexplained(row: Refund) -> bool:
    """Return whether nobody said yet what a refund of the console was for."""
    by_hand = row.kind == RefundKind.EXTERNAL and row.state == RefundState.SUCCEEDED
    return by_hand and row.allocated_at is None and row.goodwill_amount > 0
