"""Days that count, against the calendar of 2026 and 2027."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commerce.fulfilment import dates


def seoul(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=dates.SEOUL).astimezone(UTC)


@pytest.mark.parametrize(
    ("paid", "last"),
    [
        (seoul(2026, 11, 24, 12), date(2026, 11, 27)),  # Tuesday → Friday
        (seoul(2026, 11, 24, 0, 0), date(2026, 11, 27)),  # the first minute of the day
        (seoul(2026, 11, 24, 23, 59), date(2026, 11, 27)),  # and the last
        (seoul(2026, 11, 26, 12), date(2026, 12, 1)),  # Thursday → Tuesday, over a weekend
        (seoul(2026, 11, 28, 12), date(2026, 12, 2)),  # Saturday counts no more than Friday would
        (seoul(2026, 12, 23, 12), date(2026, 12, 29)),  # Christmas is a Friday
        (seoul(2026, 9, 22, 12), date(2026, 9, 29)),  # Chuseok: Thursday to Saturday
        (seoul(2026, 8, 13, 12), date(2026, 8, 19)),  # 15 August is a Saturday, so Monday is free
        (seoul(2027, 2, 5, 12), date(2027, 2, 12)),  # Seollal is a Sunday: Monday and Tuesday are free
    ],
)
def test_the_promise_is_three_business_days_after_the_payment(paid, last):
    assert dates.ship_by(paid_at=paid) == last


def test_the_shop_can_close_for_a_day(settings):
    settings.SHOP_CLOSED_DAYS = ["2026-11-26"]

    assert dates.ship_by(paid_at=seoul(2026, 11, 24, 12)) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("arrived", "last"),
    [
        (seoul(2026, 11, 24, 9), date(2026, 12, 1)),  # Tuesday → Tuesday
        (seoul(2026, 11, 24, 23, 59), date(2026, 12, 1)),
        (seoul(2026, 11, 28, 9), date(2026, 12, 7)),  # would end on a Saturday: Monday
        (seoul(2026, 11, 29, 9), date(2026, 12, 7)),  # on a Sunday: Monday
        (seoul(2026, 12, 18, 9), date(2026, 12, 28)),  # on Christmas, a Friday: Monday
        (seoul(2026, 9, 17, 9), date(2026, 9, 28)),  # on the first day of Chuseok: the Monday after
    ],
)
def test_withdrawal_ends_seven_days_after_the_delivery_and_never_on_a_holiday(arrived, last):
    assert dates.withdraw_until(delivered_at=arrived) == last


def test_a_day_on_which_only_the_shop_is_closed_does_not_move_the_end_of_withdrawal(settings):
    settings.SHOP_CLOSED_DAYS = ["2026-12-01"]

    assert dates.withdraw_until(delivered_at=seoul(2026, 11, 24, 9)) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("days", "arrived", "first"),
    [
        (7, seoul(2026, 11, 24, 9), date(2026, 12, 2)),  # the day after the last day to withdraw
        (3, seoul(2026, 11, 24, 9), date(2026, 12, 2)),  # never earlier
        (7, seoul(2026, 11, 28, 9), date(2026, 12, 8)),
        (14, seoul(2026, 11, 24, 9), date(2026, 12, 9)),
    ],
)
def test_nothing_is_confirmed_by_itself_while_it_may_be_withdrawn(settings, days, arrived, first):
    settings.FULFILMENT_CONFIRM_DAYS = days

    assert dates.confirm_from(delivered_at=arrived) == first


def test_lists_and_single_orders_agree_on_every_day_of_two_years(settings):
    """The lists ask the database for one moment; an order's page counts days. Both must say the same."""
    for number in range(0, 730, 1):
        now = seoul(2026, 1, 1, 10) + timedelta(days=number)
        today = dates.day_of(at=now)
        overdue, confirmed = dates.overdue_before(now=now), dates.confirmed_before(now=now)
        assert dates.ship_by(paid_at=overdue - timedelta(seconds=1)) < today <= dates.ship_by(paid_at=overdue)
        assert dates.confirm_from(delivered_at=confirmed - timedelta(seconds=1)) <= today
        assert dates.confirm_from(delivered_at=confirmed) > today


def test_a_parcel_of_which_nobody_speaks_arrives_ten_days_after_it_left():
    assert dates.assumed_before(now=seoul(2026, 12, 4, 10)) == seoul(2026, 11, 25)  # the 24th and before
