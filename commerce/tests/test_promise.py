"""When an order leaves that is paid now: only where staff promise it, never on a day on which nobody works."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commerce.fulfilment import promise
from commerce.shipping.models import ShippingMethod
from commerce.tests.factories import product
from commerce.tests.shopping import text

TWO = time(14, 0)


@pytest.mark.parametrize(
    ("now", "days", "day", "until"),
    [
        (datetime(2026, 11, 24, 4, 59, tzinfo=UTC), 0, date(2026, 11, 24), TWO),  # Tuesday, 13:59 in Seoul
        (datetime(2026, 11, 24, 5, 0, tzinfo=UTC), 0, date(2026, 11, 25), None),
        (datetime(2026, 11, 24, 4, 59, tzinfo=UTC), 1, date(2026, 11, 25), TWO),
        (datetime(2026, 11, 27, 6, 0, tzinfo=UTC), 0, date(2026, 11, 30), None),  # Friday afternoon
        (datetime(2026, 11, 28, 1, 0, tzinfo=UTC), 0, date(2026, 11, 30), None),  # Saturday morning
        (datetime(2026, 12, 24, 6, 0, tzinfo=UTC), 0, date(2026, 12, 28), None),  # Christmas is a Friday
        (
            datetime(2026, 11, 24, 15, 30, tzinfo=UTC),
            0,
            date(2026, 11, 25),
            TWO,
        ),  # half past midnight in Seoul
    ],
)
def test_the_day_on_which_it_leaves(now: datetime, days: int, day: date, until: time | None) -> None:
    found = promise.leaves(cut_off=TWO, handling_days=days, now=now)

    assert found == promise.Promise(day=day, until=until)


def test_no_cut_off_is_no_promise() -> None:
    assert promise.leaves(cut_off=None, handling_days=0, now=datetime(2026, 11, 24, tzinfo=UTC)) is None


@pytest.mark.django_db
def test_the_product_page_says_it_where_the_shop_promises_it(client: Client, noon: Any) -> None:
    product()
    assert "if you pay" not in text(client.get("/en/p/cup/"))

    ShippingMethod.objects.update(cut_off=TWO, handling_days=0)

    assert timezone.now().hour == 3
    assert "Nov 24 (Tue) if you pay by 14:00 today" in text(client.get("/en/p/cup/"))
