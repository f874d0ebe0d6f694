"""Points pay for goods: they go with the order or not at all."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from commerce.checkout import services as checkout
from commerce.inventory.models import Reservation
from commerce.orders.models import Order
from commerce.payments.models import Payment
from commerce.points import paying, selectors
from commerce.points.models import PointsAccount, PointsEntry
from commerce.tests.conftest import _empty as empty
from commerce.tests.factories import NOW, cart, place, product, shelf
from commerce.tests.people import customer
from commerce.tests.purses import balance, entries, give
from commerce.tests.spending import buy
from commerce.tests.test_stock_race import at_once

MONTH = timedelta(days=30)


@pytest.fixture
def user(db):
    return customer()


def test_they_go_with_the_order_and_less_is_paid(user) -> None:
    give(user, 5_000)

    order = buy(user, points=4_000)

    assert (order.items_total, order.shipping_total, order.discount_total, order.points_total) == (
        48_000,
        3_000,
        4_000,
        4_000,
    )
    assert (order.total, order.vat, order.payment.amount) == (47_000, 4_273, 47_000)
    assert entries(user) == [("earned", 5_000), ("used", -4_000)]
    assert PointsEntry.objects.get(kind="used").order == order
    assert balance(user) == 1_000


def test_those_that_expire_first_go_first(user) -> None:
    late, soon = give(user, 3_000, days=300), give(user, 2_000, days=10)

    buy(user, points=3_500)

    assert selectors.left_of(lots=[late, soon]) == {late.pk: 1_500, soon.pk: 0}


@pytest.mark.parametrize(
    ("points", "have", "most"),
    [(5_001, 5_000, 5_000), (48_001, 90_000, 48_000), (-1, 5_000, 5_000)],
    ids=["more than there are", "delivery is not paid with points", "less than nothing"],
)
def test_more_than_allowed_is_refused_and_nothing_happens(user, points: int, have: int, most: int) -> None:
    give(user, have)

    with pytest.raises(checkout.PointsRefused) as refused:
        buy(user, points=points)

    assert (refused.value.have, refused.value.most) == (have, most)
    assert not Order.objects.exists() and not Payment.objects.exists() and not Reservation.objects.exists()
    assert entries(user) == [("earned", have)]


def test_a_payment_of_a_hundred_won_is_left(user) -> None:
    give(user, 90_000)

    with pytest.raises(checkout.PointsRefused) as refused:
        buy(user, points=72_000, quantity=3)  # delivery is free
    order = buy(user, points=71_900, quantity=3)

    assert refused.value.most == 71_900
    assert order.total == 100


def test_the_least_payment_is_a_setting(user, settings) -> None:
    settings.POINTS_LEAST_PAYMENT = 1_000
    give(user, 90_000)

    with pytest.raises(checkout.PointsRefused) as refused:
        buy(user, points=71_900, quantity=3)

    assert refused.value.most == 71_000


def test_what_has_expired_cannot_be_used_although_nobody_wrote_it_down_yet(user) -> None:
    give(user, 5_000, days=-1)
    give(user, 400)

    with pytest.raises(checkout.PointsRefused) as refused:
        buy(user, points=401)

    assert refused.value.have == 400


def test_who_is_not_signed_in_uses_nobodys_points(user) -> None:
    """The cart's token alone is no key to the customer's purse."""
    give(user, 5_000)
    product()
    filled = cart(("CUP", 2))
    filled.customer = user
    filled.save()

    with pytest.raises(checkout.PointsRefused):
        place(filled, total=46_000, points=5_000)

    assert balance(user) == 5_000
    assert not Order.objects.exists()


def test_a_sum_that_was_not_shown_is_refused(user) -> None:
    give(user, 5_000)

    with pytest.raises(checkout.CartChanged):
        buy(user, points=5_000, total=51_000)

    assert balance(user) == 5_000


def test_asked_again_it_is_the_same_order_and_no_more_points_go(user) -> None:
    give(user, 5_000)
    product()
    filled = cart(("CUP", 2))
    first = place(filled, total=46_000, customer_id=user.pk, points=5_000)

    again = place(filled, total=46_000, customer_id=user.pk, points=5_000)

    assert again == first
    assert entries(user) == [("earned", 5_000), ("used", -5_000)]


# --- what the database keeps ----------------------------------------------------------------------------------


def test_the_database_knows_no_order_whose_points_nobody_used(user) -> None:
    give(user, 5_000)
    order = buy(user, points=5_000)

    with pytest.raises(IntegrityError, match="4000 points, 5000 used"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(points_total=4_000)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="order_points_are_discount"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(points_total=5_001)


def test_the_database_gives_no_more_back_than_was_used(user) -> None:
    lot = give(user, 5_000)
    order = buy(user, points=5_000)

    with pytest.raises(IntegrityError, match="5000 used and 5001 given back"), transaction.atomic():
        PointsEntry.objects.create(
            account=lot.account,
            kind="returned",
            cause="z",
            order=order,
            amount=5_001,
            at=NOW,
            expires_at=NOW + MONTH,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- two tabs -------------------------------------------------------------------------------------------------


@pytest.fixture
def two_tabs(committed):
    """Two full carts of one customer, who has points for one of them; the carts were filled before signing in."""
    who = customer("race@example.com")
    give(who, 5_000)
    product()
    carts = [cart(("CUP", 1)), cart(("CUP", 1))]
    yield (
        who,
        [
            lambda each=each: place(
                each, total=22_000, customer_id=who.pk, points=5_000
            )  # 24,000 and delivery
            for each in carts
        ],
    )
    empty()
    who.delete()


def test_two_tabs_cannot_use_the_same_points(two_tabs) -> None:
    who, orders = two_tabs

    results = at_once(orders)

    assert sorted(type(one).__name__ for one in results) == ["Order", "PointsRefused"]
    refused = next(one for one in results if isinstance(one, checkout.PointsRefused))
    assert (refused.have, refused.most) == (0, 0)
    assert Order.objects.count() == 1
    assert shelf() == (5, 1)
    assert entries(who) == [("earned", 5_000), ("used", -5_000)]


def test_twin_without_the_lock_the_last_guard_must_hold(two_tabs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both tabs read the balance before either writes: the database refuses one with an error, not with words."""
    _who, orders = two_tabs
    seen = threading.Barrier(2)

    def careless(customer_id: int) -> PointsAccount:
        account = PointsAccount.objects.get(customer_id=customer_id)
        honest = selectors.left_of

        def both_look(*, lots) -> dict[int, int]:
            found = honest(lots=lots)
            if threading.current_thread() not in looked:
                looked.add(threading.current_thread())
                seen.wait(timeout=20)
            return found

        monkeypatch.setattr(selectors, "left_of", both_look) if not looked else None
        return account

    looked: set[threading.Thread] = set()
    monkeypatch.setattr(paying, "_lock", careless)

    results = at_once(orders)

    assert any(isinstance(one, IntegrityError) for one in results)
    assert not any(isinstance(one, checkout.PointsRefused) for one in results)
