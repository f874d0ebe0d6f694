"""Two requests for the same cups at the same moment: one is refused. The twin shows what the lock prevents."""

import threading
from typing import Any

import pytest

from commerce.claims import selectors, services
from commerce.claims.models import Claim, ClaimLine
from commerce.orders.models import Order
from commerce.tests.test_claims import ask, delivered
from commerce.tests.test_stock_race import at_once

pytestmark = pytest.mark.usefixtures("committed")


def claimed() -> int:
    return sum(ClaimLine.objects.values_list("quantity", flat=True))


def test_two_requests_for_the_same_cups_and_one_is_refused() -> None:
    order = delivered()

    results = at_once([lambda: ask(order, units=2)] * 2)

    assert sorted(type(result).__name__ for result in results) == ["Claim", "TooMany"]
    assert claimed() == 2


def test_two_people_settle_the_same_claim_and_one_is_refused() -> None:
    claim = ask(delivered())

    results = at_once([lambda: services.approve(claim_id=claim.pk, reply="", now=claim.requested_at)] * 2)

    assert sorted(type(result).__name__ for result in results) == ["MovedOn", "NoneType"]


def test_without_the_lock_four_of_two_cups_are_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    order = delivered()
    both_have_read = threading.Barrier(2)
    returnable = selectors.returnable

    def then_wait(**how: Any) -> Any:
        found = returnable(**how)
        both_have_read.wait(timeout=30)
        return found

    monkeypatch.setattr(services, "lock", lambda order_id: Order.objects.get(pk=order_id))
    monkeypatch.setattr(selectors, "returnable", then_wait)

    at_once([lambda: ask(order, units=2)] * 2)

    assert Claim.objects.count() == 2
    assert claimed() == 4
