"""Coupons and points at the order sheet: what one takes off, and how many of the others an order may take.

A coupon comes first, points pay for the rest. Both are for goods, never for delivery, and `POINTS_LEAST_PAYMENT` won at least are left to pay: below 100 won no card can
be charged.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from commerce.cart.quotes import Quote
from commerce.coupons import using
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
    """Return the most points that a quote may be paid with, whoever pays: what its coupon takes off comes first."""
    return min(quote.goods - quote.coupon, max(room(quote=quote) - quote.coupon, 0))


def room(*, quote: Quote) -> int:
    """Return how many won may be taken off a quote altogether, so that the least payment is left; never below 0."""
    return max(quote.goods + quote.shipping.fee - settings.POINTS_LEAST_PAYMENT, 0)


def reduced(*, quote: Quote, ticket_id: int, customer_id: int | None, now: datetime) -> Quote:
    """Return the quote with what a customer's coupon takes off.

    Raises:
        CouponRefused: it cannot be used for this quote.
    """
    off = using.worth(
        ticket_id=ticket_id, customer_id=customer_id, goods=quote.goods, room=room(quote=quote), now=now
    )
    return replace(quote, coupon=off)


def paid_with(*, quote: Quote, points: int) -> Quote:
    """Return the quote with points taken off."""
    return replace(quote, points=points)
