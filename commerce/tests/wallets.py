"""Coupons of tests."""

from datetime import timedelta
from typing import Any

from commerce.coupons import selectors, services
from commerce.coupons.models import Coupon, CouponTicket
from commerce.coupons.terms import Terms
from commerce.customers.models import User
from commerce.tests.factories import NOW

WEEK = timedelta(days=7)


def coupon(**changes: Any) -> Coupon:
    """Offer 5,000 won for a month, as of yesterday."""
    terms: dict[str, Any] = {
        "title_ko": "가을 쿠폰",
        "title_en": "Autumn coupon",
        "kind": "fixed",
        "value": 5_000,
        "starts_at": NOW - timedelta(days=1),
        "ends_at": NOW + timedelta(days=30),
    }
    return services.offer(terms=Terms(**terms | changes), now=NOW - timedelta(days=1))


def changed_terms(offered: Coupon, **changes: Any) -> Terms:
    """Return a coupon's terms with some of them changed."""
    known = {name: getattr(offered, name) for name in Terms.__dataclass_fields__}
    return Terms(**known | {"code": offered.code or ""} | changes)


def ticket(user: User, offered: Coupon | None = None, **changes: Any) -> CouponTicket:
    """Give a customer a ticket of a coupon, or of a new one."""
    offered = offered or coupon(**changes)
    why = f"gift {CouponTicket.objects.count()}"
    given = services.issue(coupon_id=offered.pk, customer_ids=[user.pk], why=why, by="staff:1", now=NOW)
    return given.tickets[0]


def sound() -> bool:
    """Return whether all books of coupons agree."""
    return list(selectors.doubts()) == []
