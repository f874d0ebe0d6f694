"""Mails about returns and exchanges. Each says what holds when it leaves."""

from commerce.claims import selectors
from commerce.claims.models import Claim
from commerce.claims.states import State
from commerce.events import types
from workers import claim_letters, mail
from workers.jobs import Context, Fact, Permanent


def tell_of_approval(fact: Fact, context: Context) -> None:
    """Tell a shopper where to send the goods and until when; not when it was given up meanwhile."""
    claim = _claim(fact.read(types.ClaimApproved).claim_id)
    if claim.state != State.WITHDRAWN:
        mail.send_once(
            letter=claim_letters.approved(claim=claim), key=context.idempotency_key, now=context.now
        )


def tell_of_rejection(fact: Fact, context: Context) -> None:
    """Tell a shopper why not."""
    claim = _claim(fact.read(types.ClaimRejected).claim_id)
    mail.send_once(letter=claim_letters.rejected(claim=claim), key=context.idempotency_key, now=context.now)


def tell_of_arrival(fact: Fact, context: Context) -> None:
    """Tell a shopper that the goods are back and by which day the money follows."""
    claim = _claim(fact.read(types.ClaimReceived).claim_id)
    mail.send_once(letter=claim_letters.received(claim=claim), key=context.idempotency_key, now=context.now)


def tell_of_settlement(fact: Fact, context: Context) -> None:
    """Tell a shopper what goes back, or how the replacement comes."""
    claim = _claim(fact.read(types.ClaimSettled).claim_id)
    mail.send_once(letter=claim_letters.settled(claim=claim), key=context.idempotency_key, now=context.now)


def _claim(claim_id: int) -> Claim:
    try:
        return selectors.by_id(claim_id=claim_id)
    except Claim.DoesNotExist as gone:
        raise Permanent(f"no claim {claim_id}") from gone
