"""What a coupon takes off, and why one cannot be used: plain values in, plain values out."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commerce.coupons.models import LONGEST_CODE, Coupon, CouponTicket

SHORTEST_CODE = 4
_PLAIN = re.compile(rf"[A-Z0-9]{{{SHORTEST_CODE},{LONGEST_CODE}}}")


class Reason(StrEnum):
    """Why a ticket cannot be used."""

    GONE = "gone"  # withdrawn by the shop, or somebody else's
    TAKEN_BACK = "taken_back"  # this one ticket, by the shop
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    USED = "used"
    TOO_LITTLE = "too_little"  # more goods are needed
    NOTHING = "nothing"  # the order leaves nothing to take off


@dataclass(frozen=True, slots=True)
class Off:
    """What a ticket takes off an order in won; 0 with the reason, and `missing` won of goods where more are needed."""

    amount: int = 0
    reason: Reason | None = None
    missing: int = 0


def off(*, coupon: Coupon, goods: int, room: int) -> Off:
    """Return what a coupon takes off goods worth `goods` won of which at most `room` won may be taken off."""
    if goods < coupon.least:
        return Off(reason=Reason.TOO_LITTLE, missing=coupon.least - goods)
    amount = min(value_of(coupon=coupon, goods=goods), goods, room)
    return Off(amount) if amount > 0 else Off(reason=Reason.NOTHING)


def value_of(*, coupon: Coupon, goods: int) -> int:
    """Return what the coupon is worth for `goods` won of goods, rounded down to the won."""
    if coupon.kind == Coupon.Kind.FIXED:
        return coupon.value
    share = goods * coupon.value // 100
    return share if coupon.most is None else min(share, coupon.most)


def standing(*, ticket: CouponTicket, used: bool, now: datetime) -> Reason | None:
    """Return why a ticket cannot be used now, whatever is ordered; None when it can."""
    if used:
        return Reason.USED
    if ticket.taken_back:
        return Reason.TAKEN_BACK
    if ticket.coupon.withdrawn_at is not None:
        return Reason.GONE
    if ticket.ends_at <= now:
        return Reason.EXPIRED
    return Reason.NOT_YET if ticket.coupon.starts_at > now else None


def plain(typed: str) -> str:
    """Return a code as it is stored; empty when it can be none. Case, width, spaces and dashes do not matter."""
    text = unicodedata.normalize("NFKC", typed).upper()
    text = "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign) != "Pd")
    return text if _PLAIN.fullmatch(text) else ""
