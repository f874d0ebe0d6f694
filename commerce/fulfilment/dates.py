"""Days that count: business days in Korea, the dispatch promise, the time to withdraw, the automatic steps.

All dates are days in Seoul. Act: 전자상거래법. The day on which something happens is not counted (민법 §157).
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings

SEOUL = ZoneInfo("Asia/Seoul")
DISPATCH_DAYS = 3  # business days from the payment, Act §15(1)
WITHDRAWAL_DAYS = 7  # days from the delivery, Act §17(1)
REFUND_DAYS = 3  # business days from the goods' return, Act §18(2)
COMPLAINT_MONTHS = 3  # from the delivery, for goods that are not as described, Act §17(3)
NOTICE_DAYS = 30  # from the day on which that was noticed, within those months, Act §17(3)
_DAY = timedelta(days=1)


def day_of(*, at: datetime) -> date:
    """Return the day in Seoul of a moment."""
    return at.astimezone(SEOUL).date()


def start_of(*, day: date) -> datetime:
    """Return the first moment of a day in Seoul."""
    return datetime.combine(day, time.min, SEOUL).astimezone(UTC)


def is_business_day(*, day: date) -> bool:
    """Return whether the shop works: Monday to Friday, no public holiday, not closed by the settings.

    The settings' `SHOP_CLOSED_DAYS` also holds holidays that the government declares at short notice.
    """
    return (
        day.weekday() < 5
        and day not in _public(day.year)
        and day.isoformat() not in settings.SHOP_CLOSED_DAYS
    )


def add_business_days(*, day: date, days: int) -> date:
    """Return the day that is so many business days later; `day` itself is not counted."""
    while days > 0:
        day += _DAY
        days -= is_business_day(day=day)
    return day


def ship_by(*, paid_at: datetime) -> date:
    """Return the last day to hand an order to the courier: three business days from the payment, Act §15(1)."""
    return add_business_days(day=day_of(at=paid_at), days=DISPATCH_DAYS)


def overdue_before(*, now: datetime) -> datetime:
    """Return the moment before which whatever was paid should have left by now.

    The deadline never runs backwards, so lists can ask the database for `paid_at` instead of counting days.
    """
    return _before(now, lambda day: add_business_days(day=day, days=DISPATCH_DAYS) < day_of(at=now))


def refund_overdue_before(*, now: datetime) -> datetime:
    """Return the moment before which goods came back whose money should be back by now: three business days."""
    return _before(now, lambda day: add_business_days(day=day, days=REFUND_DAYS) < day_of(at=now))


def complain_until(*, delivered_at: datetime) -> date:
    """Return the last day to withdraw because goods are not as described: three months, Act §17(3).

    A month that has no such day ends on its last one (민법 §160).
    """
    day = day_of(at=delivered_at)
    year, month = divmod(day.year * 12 + day.month - 1 + COMPLAINT_MONTHS, 12)
    return _not_on_a_holiday(date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])))


def complain_until_noticed(*, noticed_on: date) -> date:
    """Return the last day to withdraw after a fault was noticed: thirty days, Act §17(3)."""
    return _not_on_a_holiday(noticed_on + NOTICE_DAYS * _DAY)


def business_days_left(*, until: date, today: date) -> int:
    """Return how many business days are left from tomorrow to a day; negative ones are late by so many."""
    first, last, sign = (today, until, 1) if until >= today else (until, today, -1)
    count = 0
    while first < last:
        first += _DAY
        count += is_business_day(day=first)
    return sign * count


def withdraw_until(*, delivered_at: datetime) -> date:
    """Return the last day to withdraw: seven days from the delivery, Act §17(1).

    A period that would end on a Saturday or a holiday ends on the next business day (민법 §161).
    """
    return _not_on_a_holiday(day_of(at=delivered_at) + WITHDRAWAL_DAYS * _DAY)


def confirm_from(*, delivered_at: datetime) -> date:
    """Return the first day on which a purchase counts as confirmed by itself, if this parcel was the last one.

    It is the day after the settings' number of days, never one on which the shopper may still withdraw.
    """
    waited = day_of(at=delivered_at) + settings.FULFILMENT_CONFIRM_DAYS * _DAY
    return max(waited, withdraw_until(delivered_at=delivered_at)) + _DAY


def confirmed_before(*, now: datetime) -> datetime:
    """Return the moment before which whatever arrived counts as confirmed by now."""
    return _before(now, lambda day: confirm_from(delivered_at=start_of(day=day)) <= day_of(at=now))


def assumed_before(*, now: datetime) -> datetime:
    """Return the moment before which whatever was sent counts as delivered by now, if nobody says otherwise."""
    return start_of(day=day_of(at=now) - (settings.FULFILMENT_DELIVERED_DAYS - 1) * _DAY)


def _not_on_a_holiday(last: date) -> date:
    """Let a period that would end on a Saturday or a holiday end on the next business day (민법 §161)."""
    while last.weekday() >= 5 or last in _public(last.year):
        last += _DAY
    return last


def _before(now: datetime, due: Callable[[date], bool]) -> datetime:
    """Return the end of the last day on which something had to happen to be due."""
    day = day_of(at=now)
    while not due(day):
        day -= _DAY
    return start_of(day=day + _DAY)


@lru_cache(maxsize=16)
def _public(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("KR", years=year))
