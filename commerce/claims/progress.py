"""Where a return or exchange stands and what comes next, in the shopper's words."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commerce.claims import choices, selectors
from commerce.claims.models import Claim, ClaimLine
from commerce.claims.states import Kind, State
from commerce.fulfilment import dates
from commerce.money import amounts
from commerce.orders.models import Order
from commerce.payments.states import RefundState


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A claim as its shopper reads it."""

    claim: Claim
    title: str
    lines: list[str]
    next_step: str
    withdrawable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an order's page says of claims; `until` is the last day to change one's mind."""

    claims: list[Told]
    asks: bool
    until: date | None


def of_order(*, order: Order, now: datetime) -> Page:
    """Return an order's claims and whether something can be claimed now."""
    if order.holds_everything:
        return Page(claims=[], asks=False, until=None)
    found = selectors.returnable(order=order, today=dates.day_of(at=now))
    return Page(
        claims=[_told(claim) for claim in selectors.of_order(order=order)],
        asks=any(row.in_time or row.faulty for row in found.values()),
        until=max((row.until for row in found.values() if row.in_time), default=None),
    )


def _told(claim: Claim) -> Told:
    return Told(
        claim=claim,
        title=f"{claim.get_kind_display()} · {claim.get_state_display()}",
        lines=[_line(line) for line in claim.lines.all()],
        next_step=_next(claim),
        withdrawable=claim.state in (State.REQUESTED, State.APPROVED),
    )


def _line(line: ClaimLine) -> str:
    text = f"{line.order_line.title} {line.order_line.option_text}".strip() + f" × {line.quantity}"
    if line.wanted is None:
        return text
    option = choices.words(variant=line.wanted, language=get_language() or "ko")
    return _("%(line)s → %(option)s") % {"line": text, "option": option}


def _next(claim: Claim) -> str:
    if claim.state == State.REQUESTED:
        return _("We look at your request and write to you.")
    if claim.state == State.APPROVED:
        sent = _("Please send the goods by %(day)s. Address and details are in our mail.") % {
            "day": _day(selectors.send_by(claim=claim))
        }
        return f"{sent} {_pays(claim)}"
    if claim.state == State.RECEIVED:
        day = {"day": _day(selectors.refund_due(claim=claim))}
        if claim.kind == Kind.EXCHANGE:
            return _("Your parcel is here. Your replacement, or your money, follows by %(day)s.") % day
        return _("Your parcel is here. Your money follows by %(day)s.") % day
    if claim.state == State.REJECTED and claim.received_at:
        if claim.shipment:
            return _("Your goods are on their way back to you.")
        return _("We send your goods back to you.")
    if claim.state == State.SETTLED:
        return _money(claim) if claim.refund_id else _("Your replacement is on its way.")
    return ""


def _money(claim: Claim) -> str:
    if claim.refund and claim.refund.state == RefundState.SUCCEEDED:
        return _("Your money was given back.")
    return _("Your money is on its way.")


def _pays(claim: Claim) -> str:
    if claim.fee:
        fee = amounts.show(claim.fee, language=get_language() or "ko")
        return _("You pay both ways: put %(fee)s in the parcel or transfer it to us.") % {"fee": fee}
    if claim.shopper_pays:
        return _("You pay the way back: its fee is deducted from the refund.")
    return _("We pay the way back.")


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
