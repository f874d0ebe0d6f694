"""A coupon takes something off the goods: it goes with the order or not at all, and is used once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from commerce.checkout import services as checkout
from commerce.checkout.shown import of
from commerce.coupons import selectors, services, using
from commerce.coupons.models import CouponTicket, CouponUse
from commerce.coupons.rules import Reason
from commerce.inventory.models import Reservation
from commerce.orders.models import Order
from commerce.payments.models import Payment
from commerce.tests.conftest import _empty as empty
from commerce.tests.factories import NOW, cart, place, product, shelf
from commerce.tests.people import customer
from commerce.tests.purses import give
from commerce.tests.reduced import buy, facts
from commerce.tests.test_stock_race import at_once
from commerce.tests.wallets import sound, ticket


@pytest.fixture
def user(db):
    return customer()


def refused(user, held: CouponTicket, **more: Any) -> checkout.CouponRefused:
    """Try to place an order; nothing may have happened."""
    uses = CouponUse.objects.count()
    with pytest.raises(checkout.CouponRefused) as refusal:
        buy(user, held, **{"total": 46_000} | more)
    assert not Reservation.objects.filter(state="active").exclude(reference__in=numbers()).exists()
    assert (CouponUse.objects.count(), Order.objects.count(), Payment.objects.count()) == (uses, uses, uses)
    assert sound()
    return refusal.value


def numbers() -> list[str]:
    return list(Order.objects.values_list("number", flat=True))


# --- placing --------------------------------------------------------------------------------------------------


def test_it_goes_with_the_order_and_less_is_paid(user) -> None:
    held = ticket(user)

    order = buy(user, held, total=46_000)

    amounts = (order.items_total, order.shipping_total, order.discount_total, order.points_total)
    assert amounts == (48_000, 3_000, 5_000, 0)
    assert (order.total, order.vat, order.payment.amount, order.reduction) == (46_000, 4_182, 46_000, 5_000)
    assert (order.coupon_use.ticket, order.coupon_use.amount, order.coupon_use.used_at) == (held, 5_000, NOW)
    assert facts() == [("coupon.used", 5_000)]
    assert selectors.usable(customer_id=user.pk, now=NOW) == 0
    assert sound()


def test_it_comes_before_points_and_delivery_is_paid_with_neither(user) -> None:
    give(user, 90_000)
    held = ticket(user, kind="percent", value=50)

    with pytest.raises(checkout.PointsRefused) as too_many:
        buy(user, held, total=2_999, points=24_001)
    order = buy(user, held, total=3_000, points=24_000)

    assert too_many.value.most == 24_000
    assert (order.discount_total, order.points_total, order.reduction) == (48_000, 24_000, 24_000)
    assert order.total == order.shipping_total == 3_000


def test_a_hundred_won_are_left_to_pay(user) -> None:
    held = ticket(user, kind="percent", value=100)

    order = buy(user, held, total=100, quantity=3)  # delivery is free: by the goods before any discount

    assert (order.reduction, order.total, order.shipping_total) == (71_900, 100, 0)


@pytest.mark.parametrize(
    ("terms", "now", "reason", "missing"),
    [
        ({"ends_at": NOW + timedelta(hours=1)}, NOW + timedelta(hours=1), Reason.EXPIRED, 0),
        ({"starts_at": NOW + timedelta(days=1)}, NOW, Reason.NOT_YET, 0),
        ({"least": 50_000}, NOW, Reason.TOO_LITTLE, 2_000),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_happens(user, terms, now, reason, missing) -> None:
    refusal = refused(user, ticket(user, **terms), now=now)

    assert (refusal.reason, refusal.missing) == (reason, missing)


def test_what_was_withdrawn_is_refused(user) -> None:
    held = ticket(user)
    services.withdraw(coupon_id=held.coupon_id, now=NOW)

    assert refused(user, held).reason == Reason.GONE


def test_a_ticket_is_its_customers_alone(user) -> None:
    other = customer("other@example.com")
    held = ticket(other)

    assert refused(user, held).reason == Reason.GONE
    product()
    filled = cart(("CUP", 2))
    filled.customer = other
    filled.save()
    with pytest.raises(checkout.CouponRefused):  # the cart's token alone is no key to the wallet
        place(filled, total=46_000, coupon=held.pk)
    assert not Order.objects.exists()


def test_a_ticket_is_used_once(user) -> None:
    held = ticket(user)
    buy(user, held, total=46_000)

    assert refused(user, held).reason == Reason.USED


def test_a_double_click_is_one_order_and_one_use(user) -> None:
    held = ticket(user)
    product()
    filled = cart(("CUP", 2))
    first = place(filled, total=46_000, customer_id=user.pk, coupon=held.pk)

    again = place(filled, total=46_000, customer_id=user.pk, coupon=held.pk)

    assert again == first
    assert CouponUse.objects.count() == 1


def test_another_amount_than_was_shown_stops_the_order(user) -> None:
    held = ticket(user, kind="percent", value=10)
    with pytest.raises(checkout.CartChanged) as first:
        buy(user, held, total=51_000)
    assert first.value.quote.coupon == 4_800
    shown = of(quote=first.value.quote)
    product(price=30_000, units=9, version=2)

    with pytest.raises(checkout.CartChanged) as changed:
        buy(user, held, total=shown.total, shown=shown)

    assert [(one.kind, one.before, one.now) for one in changed.value.changes] == [
        ("price", 24_000, 30_000),
        ("delivery", 3_000, 0),
        ("coupon", 4_800, 6_000),
        ("total", 46_200, 54_000),
    ]
    assert not CouponUse.objects.exists()


# --- what the database keeps ------------------------------------------------------------------------------------


def test_the_database_knows_no_reduction_without_a_use(user) -> None:
    order = buy(user, ticket(user), total=46_000)

    with pytest.raises(IntegrityError, match="reduced by 6000, its coupon by 5000"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(discount_total=6_000, total=45_000)
        _look()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        CouponUse.objects.update(amount=4_000)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        CouponUse.objects.all().delete()


def test_the_database_knows_no_use_without_a_reduction(user) -> None:
    product()
    order, held = place(cart(("CUP", 1)), total=27_000, customer_id=user.pk), ticket(user)

    with pytest.raises(IntegrityError, match="reduced by 0, its coupon by 5000"), transaction.atomic():
        CouponUse.objects.create(ticket=held, order=order, amount=5_000, used_at=NOW)
        _look()


def _look() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_order_whose_coupon_says_something_else_is_in_doubt(user) -> None:
    order = buy(user, ticket(user), total=46_000)
    _look()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no trigger looks
    CouponUse.objects.update(amount=4_000, returned_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")

    assert list(selectors.doubts()) == [
        f"order {order.pk}: reduced by 5000, its coupon by 4000",
        f"order {order.pk}: its coupon came back although the order is not off",
    ]


# --- everybody at once ------------------------------------------------------------------------------------------


@pytest.fixture
def two_tabs(committed):
    """Two full carts of one customer with one ticket; the carts were filled before signing in."""
    who = customer("race@example.com")
    held = ticket(who)
    product()
    carts = [cart(("CUP", 1)), cart(("CUP", 1))]
    yield [lambda each=each: place(each, total=22_000, customer_id=who.pk, coupon=held.pk) for each in carts]
    empty()
    who.delete()


def test_two_tabs_cannot_use_the_same_ticket(two_tabs) -> None:
    results = at_once(two_tabs)

    assert sorted(type(one).__name__ for one in results) == ["CouponRefused", "Order"]
    assert next(one for one in results if isinstance(one, checkout.CouponRefused)).reason == Reason.USED
    assert (Order.objects.count(), CouponUse.objects.count()) == (1, 1)
    assert shelf() == (5, 1)
    assert sound()


def test_twin_without_the_lock_the_constraint_refuses_without_words(two_tabs, monkeypatch) -> None:
    """Both tabs look at the uses before either writes."""
    seen, honest = threading.Barrier(2), using._usable

    def both_look(held, customer_id, *, now) -> CouponTicket:
        found = honest(held, customer_id, now=now)
        if threading.current_thread() in priced:
            seen.wait(timeout=20)
        priced.add(threading.current_thread())
        return found

    priced: set[threading.Thread] = set()
    monkeypatch.setattr(using, "_lock", lambda pk: CouponTicket.objects.select_related("coupon").get(pk=pk))
    monkeypatch.setattr(using, "_usable", both_look)

    results = at_once(two_tabs)

    assert sorted(type(one).__name__ for one in results) == ["IntegrityError", "Order"]
    assert CouponUse.objects.count() == 1
