"""Coupons (쿠폰): what the shop offers, and the tickets of customers."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.events.base import Event, fact


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponOffered(Event):
    """The shop offers a coupon."""

    name: ClassVar[str] = "coupon.offered"
    aggregate: ClassVar[tuple[str, str]] = ("coupon", "coupon_id")
    coupon_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponChanged(Event):
    """What a coupon says changed, as far as nobody was promised otherwise."""

    name: ClassVar[str] = "coupon.changed"
    aggregate: ClassVar[tuple[str, str]] = ("coupon", "coupon_id")
    coupon_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponWithdrawn(Event):
    """The shop took a coupon back: none is given out any more, and tickets that were not used are of no use."""

    name: ClassVar[str] = "coupon.withdrawn"
    aggregate: ClassVar[tuple[str, str]] = ("coupon", "coupon_id")
    coupon_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponIssued(Event):
    """A customer has a ticket of a coupon now."""

    name: ClassVar[str] = "coupon.issued"
    aggregate: ClassVar[tuple[str, str]] = ("coupon_ticket", "ticket_id")
    ticket_id: int
    coupon_id: int
    customer_id: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponUsed(Event):
    """A ticket took `amount` won off an order."""

    name: ClassVar[str] = "coupon.used"
    aggregate: ClassVar[tuple[str, str]] = ("coupon_ticket", "ticket_id")
    ticket_id: int
    coupon_id: int
    order_id: int
    amount: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponReturned(Event):
    """The order of a ticket is off: it may be used again. It had taken `amount` won off."""

    name: ClassVar[str] = "coupon.returned"
    aggregate: ClassVar[tuple[str, str]] = ("coupon_ticket", "ticket_id")
    ticket_id: int
    coupon_id: int
    order_id: int
    amount: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponTakenBack(Event):
    """The shop took a ticket back that was not used."""

    name: ClassVar[str] = "coupon.taken_back"
    aggregate: ClassVar[tuple[str, str]] = ("coupon_ticket", "ticket_id")
    ticket_id: int
    coupon_id: int
