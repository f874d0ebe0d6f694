"""What a coupon says changes only where nobody was promised otherwise; a ticket is taken back once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from commerce.coupons import changing, reports, services, using
from commerce.coupons.changing import UnableToTakeBack, Withdrawn
from commerce.coupons.models import Coupon, CouponTicket
from commerce.coupons.rules import Reason
from commerce.coupons.services import UnableToOffer
from commerce.customers.models import User
from commerce.events.models import OutboxEvent
from commerce.tests.conftest import _empty as empty
from commerce.tests.factories import NOW, cart, place, product
from commerce.tests.people import customer
from commerce.tests.test_stock_race import at_once
from commerce.tests.told import rows, told
from commerce.tests.wallets import changed_terms, coupon, sound, ticket

DAY = timedelta(days=1)


def change(offered: Coupon, **changes: Any) -> dict[str, tuple[Any, Any]]:
    return changing.change(coupon_id=offered.pk, terms=changed_terms(offered, **changes), now=NOW)


def stored() -> tuple[Any, ...]:
    return list(Coupon.objects.order_by("pk").values()), OutboxEvent.objects.count()


def refusal(offered: Coupon, **changes: Any) -> tuple[str, str]:
    """Try to change a coupon; nothing may have happened."""
    before = stored()
    with translation.override("en"), pytest.raises(UnableToOffer) as refused:
        change(offered, **changes)
    assert stored() == before
    with translation.override("en"):
        return refused.value.field, str(refused.value.text)


# --- change ---------------------------------------------------------------------------------------------------


def test_what_nobody_holds_changes_altogether(db) -> None:
    offered = coupon(code="OLD1")

    found = change(
        offered,
        title_ko="봄 쿠폰",
        kind="percent",
        value=10,
        most=3_000,
        code="new-2",
        lives_days=7,
        on_joining=True,
    )

    assert found == {
        "title_ko": ("가을 쿠폰", "봄 쿠폰"),
        "kind": ("fixed", "percent"),
        "value": (5_000, 10),
        "most": (None, 3_000),
        "code": ("OLD1", "NEW2"),
        "lives_days": (None, 7),
        "on_joining": (False, True),
    }
    row = Coupon.objects.get()
    assert (row.title_ko, row.kind, row.value, row.most, row.code) == (
        "봄 쿠폰",
        "percent",
        10,
        3_000,
        "NEW2",
    )
    assert told("coupon.changed") == [{"coupon_id": row.pk}]


def test_nothing_new_is_no_change(db) -> None:
    offered = coupon()
    before = stored()

    assert change(offered) == {}
    assert stored() == before


def test_what_somebody_holds_keeps_its_promise(db) -> None:
    offered = coupon(issue_limit=5, code="KEEP")
    held = ticket(customer(), offered)
    offered.refresh_from_db()

    found = change(offered, title_en="Winter", code="", issue_limit=1, ends_at=offered.ends_at + DAY)

    assert sorted(found) == ["code", "ends_at", "issue_limit", "title_en"]
    row = Coupon.objects.get()
    assert (row.title_en, row.code, row.issue_limit, row.ends_at) == (
        "Winter",
        None,
        1,
        offered.ends_at + DAY,
    )
    assert CouponTicket.objects.get().ends_at == held.ends_at
    assert sound()


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("value", 6_000, "Customers hold it: this stays as it was promised."),
        ("least", 1_000, "Customers hold it: this stays as it was promised."),
        ("lives_days", 3, "Customers hold it: this stays as it was promised."),
        ("on_joining", True, "Customers hold it: this stays as it was promised."),
        ("starts_at", NOW - 3 * DAY, "Customers hold it: this stays as it was promised."),
        ("ends_at", NOW + 2 * DAY, "Customers hold it: the end can only be moved to a later time."),
        ("issue_limit", 1, "2 were given out already."),
        ("code", "TAKEN", "Another coupon has this code."),
        ("code", "?", "A code is 4 to 20 letters A–Z and digits."),
    ],
)
def test_what_somebody_holds_is_not_broken(db, field: str, value: Any, text: str) -> None:
    coupon(code="TAKEN")
    offered = coupon(issue_limit=9)
    ticket(customer(), offered)
    ticket(customer("dul@example.com"), offered)
    offered.refresh_from_db()

    assert refusal(offered, **{field: value}) == (field, text)


def test_what_the_shop_withdrew_stays(db) -> None:
    offered = coupon()
    services.withdraw(coupon_id=offered.pk, now=NOW)
    before = stored()

    with pytest.raises(Withdrawn):
        change(offered, title_ko="다시")

    assert stored() == before


# --- take one back --------------------------------------------------------------------------------------------


def test_a_ticket_is_taken_back(db) -> None:
    held = ticket(customer())

    changing.take_back(ticket_id=held.pk, now=NOW + DAY)

    held.refresh_from_db()
    assert held.taken_back
    assert told("coupon.taken_back") == [{"ticket_id": held.pk, "coupon_id": held.coupon_id}]
    with pytest.raises(using.CouponRefused) as refused:
        using.worth(ticket_id=held.pk, customer_id=held.customer_id, goods=48_000, room=48_000, now=NOW)
    assert refused.value.reason == Reason.TAKEN_BACK
    assert sound()


def test_what_is_used_or_was_taken_back_is_not_taken_back(db) -> None:
    user = customer()
    product(units=9)
    used, gone = ticket(user), ticket(user)
    place(cart(("CUP", 2)), total=46_000, customer_id=user.pk, coupon=used.pk)
    changing.take_back(ticket_id=gone.pk, now=NOW)
    before = list(CouponTicket.objects.order_by("pk").values()), OutboxEvent.objects.count()

    for one in (used, gone):
        with pytest.raises(UnableToTakeBack):
            changing.take_back(ticket_id=one.pk, now=NOW)

    assert (list(CouponTicket.objects.order_by("pk").values()), OutboxEvent.objects.count()) == before


# --- read -----------------------------------------------------------------------------------------------------


def test_a_coupon_in_numbers(db, django_assert_num_queries) -> None:
    offered = coupon()
    people = [customer(f"{name}@example.com") for name in ("one", "two", "three", "four", "five")]
    held = [ticket(person, offered) for person in people]
    product(units=9)
    place(cart(("CUP", 2)), total=46_000, customer_id=people[0].pk, coupon=held[0].pk)
    back = place(cart(("CUP", 1)), total=22_000, customer_id=people[1].pk, coupon=held[1].pk)
    back.status = "cancelled"
    back.save(update_fields=["status"])
    using.give_back(order_id=back.pk, days=7, now=NOW)
    changing.take_back(ticket_id=held[2].pk, now=NOW)

    with django_assert_num_queries(2):
        found = reports.figures(coupon_id=offered.pk, now=NOW)

    assert found == reports.Figures(used=1, returned=1, took=5_000, goods=48_000, unused=3)
    assert reports.holders(coupon_id=offered.pk, customer_ids=[people[0].pk, 0]) == {people[0].pk}
    services.withdraw(coupon_id=offered.pk, now=NOW)
    assert reports.unused(coupon_id=offered.pk, now=NOW) == 0


# --- at once --------------------------------------------------------------------------------------------------


@pytest.fixture
def alone(committed):
    """Somebody whom other connections see."""
    yield customer("alone@example.com")
    empty()
    User.objects.filter(email="alone@example.com").delete()


def _issue(offered: Coupon, who: int) -> Any:
    return services.issue(coupon_id=offered.pk, customer_ids=[who], why="gift", by="user:1", now=NOW)


def _order_of_facts() -> list[str]:
    return [row.type for row in rows("coupon.changed", "coupon.issued")]


def test_nobody_gets_a_ticket_of_terms_that_change_meanwhile(alone) -> None:
    offered = coupon()

    results = at_once([lambda: change(offered, value=1), lambda: _issue(offered, alone.pk)])

    refused = isinstance(results[0], UnableToOffer)
    assert _order_of_facts() == (["coupon.issued"] if refused else ["coupon.changed", "coupon.issued"])
    assert Coupon.objects.get().value == (5_000 if refused else 1)


def test_twin_without_the_lock_the_promise_is_broken(alone, monkeypatch) -> None:
    """The change looks before the ticket is there and writes after it."""
    offered, given = coupon(), threading.Event()

    def careless(coupon_id: int) -> Coupon:
        found = Coupon.objects.get(pk=coupon_id)
        assert given.wait(timeout=20)
        return found

    def give() -> Any:
        result = _issue(offered, alone.pk)
        given.set()
        return result

    monkeypatch.setattr(changing, "_lock", careless)

    at_once([lambda: change(offered, value=1), give])

    assert _order_of_facts() == ["coupon.issued", "coupon.changed"]


def test_a_double_click_takes_a_ticket_back_once(alone) -> None:
    held = ticket(alone)

    results = at_once([lambda: changing.take_back(ticket_id=held.pk, now=NOW)] * 2)

    assert sorted(type(one).__name__ for one in results) == ["CouponTicket", "UnableToTakeBack"]
    assert len(told("coupon.taken_back")) == 1


def test_twin_without_the_lock_a_double_click_takes_it_back_twice(alone, monkeypatch) -> None:
    """Both look before either writes."""
    held, seen = ticket(alone), threading.Barrier(2)

    def careless(ticket_id: int) -> CouponTicket:
        found = CouponTicket.objects.get(pk=ticket_id)
        seen.wait(timeout=20)
        return found

    monkeypatch.setattr(changing, "_lock_ticket", careless)

    at_once([lambda: changing.take_back(ticket_id=held.pk, now=NOW)] * 2)

    assert len(told("coupon.taken_back")) == 2
