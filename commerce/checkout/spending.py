"""Points at the order sheet: how many a customer has, and how many of them an order may take.

They pay for goods, never for delivery, and `POINTS_LEAST_PAYMENT` won at least are left to pay: below 100 won no card can
be charged.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from commerce.cart.quotes import Quote
from commerce.points import selectors


@dataclass(frozen=True, slots=True)
class Purse:
    """Points that a customer has, and the most of them that this order may take."""

    have: int
    most: int


def purse(*, customer_id: int | None, quote: Quote, now: datetime) -> Purse | None:
    """Return what a customer could use for a quote; None for a guest and for who has no points."""
    have = selectors.spendable(customer_id=customer_id, now=now) if customer_id else 0
    return Purse(have=have, most=min(have, most(quote=quote))) if have else None


def most(*, quote: Quote) -> int:
    """Return the most points that a quote may be paid with, whoever pays."""
    total = quote.goods + quote.shipping.fee
    return max(min(quote.goods, total - settings.POINTS_LEAST_PAYMENT), 0)


def paid_with(*, quote: Quote, points: int) -> Quote:
    """Return the quote with points taken off."""
    return replace(quote, points=points)
