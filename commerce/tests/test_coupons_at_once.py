"""Coupons when everybody comes at once: never more tickets than the limit, nobody twice, a code for one coupon."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import translation

from commerce.coupons import changing, services
from commerce.coupons.models import Coupon, CouponTicket
from commerce.coupons.services import CodeReason, CodeRefused, UnableToOffer
from commerce.customers.models import User
from commerce.tests.conftest import _empty as empty
from commerce.tests.factories import NOW
from commerce.tests.people import customer
from commerce.tests.test_stock_race import at_once
from commerce.tests.told import told
from commerce.tests.wallets import changed_terms, coupon, sound

# --- one code for two coupons ---------------------------------------------------------------------------------


@pytest.fixture
def nobody_waits(committed, monkeypatch):
    """Two who take a code look both before either writes."""
    seen, honest = threading.Barrier(2), services._is_taken

    def both(*args: Any, **more: Any) -> bool:
        found = honest(*args, **more)
        seen.wait(timeout=20)
        return found

    monkeypatch.setattr(services, "_is_taken", both)
    yield
    empty()


def offer() -> Coupon:
    return coupon(code="SAME")


def rename(offered: Coupon) -> Callable[[], Any]:
    terms = changed_terms(offered, code="SAME")
    return lambda: changing.change(coupon_id=offered.pk, terms=terms, now=NOW)


def refused_at_the_code(results: list[Any]) -> bool:
    """Return whether one of two was refused as whoever comes later is."""
    (refusal,) = [one for one in results if isinstance(one, Exception)]
    assert isinstance(refusal, UnableToOffer), refusal
    with translation.override("en"):
        return (refusal.field, str(refusal.text)) == ("code", "Another coupon has this code.")


@pytest.mark.usefixtures("nobody_waits")
def test_of_two_who_offer_one_code_at_once_one_is_refused() -> None:
    results = at_once([offer, offer])

    assert refused_at_the_code(results)
    assert list(Coupon.objects.values_list("code", flat=True)) == ["SAME"]
    assert len(told("coupon.offered")) == 1


def test_of_two_who_change_coupons_to_one_code_at_once_one_is_refused(committed, request) -> None:
    first, second = coupon(code="ONE1"), coupon(code="TWO2")
    request.getfixturevalue("nobody_waits")

    results = at_once([rename(first), rename(second)])

    assert refused_at_the_code(results)
    assert Coupon.objects.filter(code="SAME").count() == 1
    assert len(told("coupon.changed")) == 1


@pytest.mark.usefixtures("nobody_waits")
def test_twin_that_only_looks_before_meets_the_constraint(monkeypatch) -> None:
    """Nothing stands between the second one and the database."""
    honest = services._is_taken
    monkeypatch.setattr(services, "keeping_code", lambda code, but=None: nullcontext(honest(code, but=but)))

    results = at_once([offer, offer])

    assert sorted(type(one).__name__ for one in results) == ["Coupon", "IntegrityError"]


@pytest.mark.django_db
def test_another_constraint_is_no_matter_of_the_code() -> None:
    with pytest.raises(IntegrityError, match="coupon_value"), services.keeping_code("SAME"):
        Coupon.objects.create(
            kind="percent",
            value=101,
            code="SAME",
            starts_at=NOW,
            ends_at=NOW.replace(year=2099),
            offered_at=NOW,
        )


# --- tickets --------------------------------------------------------------------------------------------------


@pytest.fixture
def five(committed):
    """Five people with a code of which two tickets are left."""
    people = [customer(f"five-{number}@example.com") for number in range(5)]
    coupon(code="LAST", issue_limit=2)
    yield people
    empty()
    User.objects.filter(email__startswith="five-").delete()


def test_the_last_tickets_go_to_as_many_as_there_are(five) -> None:
    results = at_once(
        [lambda who=who: services.register(customer_id=who.pk, code="LAST", now=NOW) for who in five]
    )

    assert sorted(type(one).__name__ for one in results) == ["CodeRefused"] * 3 + ["CouponTicket"] * 2
    assert {one.reason for one in results if isinstance(one, CodeRefused)} == {CodeReason.ALL_GIVEN}
    assert Coupon.objects.get().issued == CouponTicket.objects.count() == 2
    assert sound()


def test_twin_that_counts_after_looking_gives_out_more_than_there_are(five, monkeypatch) -> None:
    """All look at the count before anybody writes: it ends below the tickets."""
    seen = threading.Barrier(5)

    def careless(offered: Coupon, units: int) -> bool:
        issued = Coupon.objects.get(pk=offered.pk).issued
        seen.wait(timeout=20)
        Coupon.objects.filter(pk=offered.pk).update(issued=issued + units)
        return True

    monkeypatch.setattr(services, "_count", careless)

    at_once([lambda who=who: services.register(customer_id=who.pk, code="LAST", now=NOW) for who in five])

    assert CouponTicket.objects.count() == 5
    assert Coupon.objects.get().issued == 1
    assert not sound()


def test_a_double_click_registers_once(five) -> None:
    who = five[0]

    results = at_once([lambda: services.register(customer_id=who.pk, code="LAST", now=NOW)] * 2)

    assert sorted(type(one).__name__ for one in results) == ["CodeRefused", "CouponTicket"]
    assert {one.reason for one in results if isinstance(one, CodeRefused)} == {CodeReason.ALREADY}
    assert CouponTicket.objects.count() == Coupon.objects.get().issued == 1


def test_twin_without_counting_a_double_click_meets_the_constraint(five, monkeypatch) -> None:
    """Nobody waits at the coupon's row: both look before either writes, and the database refuses one."""
    seen, honest = threading.Barrier(2), services._write

    def both(*args, **more):
        seen.wait(timeout=20)
        return honest(*args, **more)

    monkeypatch.setattr(services, "_count", lambda offered, units: True)
    monkeypatch.setattr(services, "_write", both)
    who = five[0]

    results = at_once([lambda: services.register(customer_id=who.pk, code="LAST", now=NOW)] * 2)

    assert sorted(type(one).__name__ for one in results) == ["CouponTicket", "IntegrityError"]


@pytest.fixture
def fresh(committed):
    """Somebody who has just joined, and a coupon for it."""
    coupon(on_joining=True)
    who = customer("five-fresh@example.com", date_joined=NOW)
    yield who
    empty()
    who.delete()


def test_a_new_member_on_several_devices_gets_one(fresh) -> None:
    results = at_once([lambda: services.welcome(customer_id=fresh.pk, now=NOW)] * 3)

    assert sorted(len(given) for given in results) == [0, 0, 1]
    assert CouponTicket.objects.count() == Coupon.objects.get().issued == 1


def test_twin_without_the_members_lock_the_constraint_refuses_the_others(fresh, monkeypatch) -> None:
    """All look for what was given before anybody gives: the others are errors."""
    seen, honest = threading.Barrier(2), services._give

    def both(*args, **more):
        seen.wait(timeout=20)
        return honest(*args, **more)

    monkeypatch.setattr(services, "_lock_member", lambda pk: User.objects.get(pk=pk))
    monkeypatch.setattr(services, "_give", both)

    results = at_once([lambda: services.welcome(customer_id=fresh.pk, now=NOW)] * 2)

    assert sorted(type(one).__name__ for one in results) == ["IntegrityError", "list"]
    assert CouponTicket.objects.count() == 1
