"""What the shop writes about returns and exchanges, in the order's language."""

from typing import Any

from django.utils.translation import gettext as _

from commerce.claims import choices, selectors
from commerce.claims.models import Claim, ClaimLine
from commerce.claims.states import Kind, State
from commerce.money import amounts
from commerce.orders import refund_words
from commerce.payments.states import RefundState
from workers import letters
from workers.letters import Letter


def approved(*, claim: Claim) -> Letter:
    """Compose the news that the goods may be sent: where, until when, and who pays."""
    with letters.speaking(claim.order):
        exchange = claim.kind == Kind.EXCHANGE
        headline = _("You can send your exchange") if exchange else _("You can send your return")
        fee = amounts.show(claim.fee, language=claim.order.language) if claim.fee else ""
        day = _day(claim, selectors.send_by(claim=claim))
        return _letter(claim, "claim_approved", headline, send_by=day, fee=fee)


def rejected(*, claim: Claim) -> Letter:
    """Compose a refusal with its reason."""
    with letters.speaking(claim.order):
        return _letter(claim, "claim_rejected", _("We could not accept your return or exchange"))


def received(*, claim: Claim) -> Letter:
    """Compose the news that the goods are back and when the money follows."""
    with letters.speaking(claim.order):
        due = selectors.refund_due(claim=claim)
        return _letter(claim, "claim_received", _("Your parcel is back with us"), due=_day(claim, due))


def settled(*, claim: Claim) -> Letter:
    """Compose the end: the sum and its parts, or courier and number of the replacement."""
    order, refund = claim.order, claim.refund
    with letters.speaking(order):
        if refund is None:
            courier = claim.carrier
            return _letter(
                claim,
                "claim_settled",
                _("Your replacement is on its way"),
                courier=courier.name if courier else "",
                tracking_page=claim.tracking_page,
            )
        return _letter(
            claim,
            "claim_settled",
            _("Your return is settled"),
            refunded=amounts.show(refund.amount, language=order.language),
            parts=refund_words.parts(refund=refund, language=order.language),
            points_back=refund_words.points(refund=refund, language=order.language),
            account_wanted=refund.state == RefundState.WAITING_FOR_ACCOUNT,
        )


def _letter(claim: Claim, kind: str, headline: str, **more: Any) -> Letter:
    lines = [(line, _instead(claim, line)) for line in claim.lines.all()]
    here = claim.state == State.REJECTED and claim.received_at is not None
    return letters.compose(claim.order, kind, headline, claim=claim, lines=lines, comes_back=here, **more)


def _instead(claim: Claim, line: ClaimLine) -> str:
    return choices.words(variant=line.wanted, language=claim.order.language) if line.wanted else ""


def _day(claim: Claim, day: Any) -> str:
    return letters.day(day, claim.order.language) if day else ""
