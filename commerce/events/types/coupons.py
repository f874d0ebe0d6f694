"""Coupons (쿠폰): what the shop offers, and the tickets of customers."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.events.base import Event, fact


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfCoupon(Event):
    """Something happened to a coupon."""

    aggregate: ClassVar[tuple[str, str]] = ("coupon", "coupon_id")
    coupon_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfTicket(Event):
    """Something happened to one person's ticket of a coupon."""

    aggregate: ClassVar[tuple[str, str]] = ("coupon_ticket", "ticket_id")
    ticket_id: int
    coupon_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponOffered(_OfCoupon):
    """The shop offers a coupon."""

    name: ClassVar[str] = "coupon.offered"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponChanged(_OfCoupon):
    """What a coupon says changed, as far as nobody was promised otherwise."""

    name: ClassVar[str] = "coupon.changed"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponWithdrawn(_OfCoupon):
    """The shop took a coupon back: none is given out any more, and tickets that were not used are of no use."""

    name: ClassVar[str] = "coupon.withdrawn"


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponIssued(_OfTicket):
    """A customer has a ticket of a coupon now."""

    name: ClassVar[str] = "coupon.issued"
    customer_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponUsed(_OfTicket):
    """A ticket took `amount` won off an order."""

    name: ClassVar[str] = "coupon.used"
    order_id: int
    amount: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponReturned(_OfTicket):
    """The order of a ticket is off: it may be used again. It had taken `amount` won off."""

    name: ClassVar[str] = "coupon.returned"
    order_id: int
    amount: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponTakenBack(_OfTicket):
    """The shop took a ticket back that was not used."""

    name: ClassVar[str] = "coupon.taken_back"
