"""Somebody enters a code, on my page or at the order sheet: a ticket, or words that say why there is none."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from commerce import limits
from commerce.coupons import services, words
from commerce.coupons.models import CouponTicket
from commerce.orders import tries

TRIES, SECONDS = 10, 600  # for each customer: codes are short enough to be guessed by who may try for ever


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a code: a ticket, or an `error`; `wait`: seconds until another may be tried."""

    ticket: CouponTicket | None
    error: str = ""
    wait: int = 0


def enter(*, customer_id: int, typed: str, now: datetime) -> Entered:
    """Give a customer the ticket of the code that was typed."""
    if not typed.strip():
        return Entered(None, gettext("Please enter the code of a coupon."))
    wait = limits.seconds_to_wait(
        name="coupon-code", who=str(customer_id), tries=TRIES, seconds=SECONDS, now=now
    )
    if wait:
        return Entered(None, tries.words(wait=wait), wait)
    try:
        return Entered(services.register(customer_id=customer_id, code=typed[:100], now=now))
    except services.CodeRefused as refused:
        return Entered(None, words.code_refusal(refused=refused))


def said(*, ticket: CouponTicket) -> str:
    """Return that a coupon is the customer's now."""
    return gettext("“%(title)s” is yours now.") % {"title": words.title(coupon=ticket.coupon)}
