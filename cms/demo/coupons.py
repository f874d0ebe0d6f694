"""Coupons of the demo shop: one for new members, a code to try, and two that its shopper holds."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from commerce.coupons.terms import Terms

_THANKS, _WEEK = "단골 고객 감사 쿠폰", "이번 주 한정 쿠폰"
HELD = {_THANKS, _WEEK}


def coupons(*, now: datetime) -> Iterator[Terms]:
    """Yield what the demo shop offers."""
    until = now + timedelta(days=365)
    yield Terms(
        title_ko="가입 축하 쿠폰",
        title_en="Welcome coupon",
        kind="fixed",
        value=5_000,
        least=30_000,
        starts_at=now,
        ends_at=until,
        lives_days=30,
        on_joining=True,
    )
    yield Terms(
        title_ko="마루 10% 쿠폰",
        title_en="Maru 10% coupon",
        kind="percent",
        value=10,
        most=10_000,
        least=30_000,
        code="MARU10",
        starts_at=now,
        ends_at=until,
        lives_days=30,
    )
    yield Terms(
        title_ko=_THANKS,
        title_en="Thank-you coupon",
        kind="fixed",
        value=3_000,
        starts_at=now,
        ends_at=until,
        lives_days=90,
    )
    yield Terms(
        title_ko=_WEEK,
        title_en="This week only",
        kind="percent",
        value=15,
        most=20_000,
        least=100_000,
        starts_at=now,
        ends_at=now + timedelta(days=3),
    )
