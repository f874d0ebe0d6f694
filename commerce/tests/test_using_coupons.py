"""A coupon takes something off the goods: it goes with the order or not at all, and comes back once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.catalog.models import Variant
from commerce.checkout import closing, paybacks, refunding
from commerce.checkout import services as checkout
from commerce.checkout.settling import settle_payment
from commerce.checkout.shown import of
from commerce.coupons import selectors, services, using
from commerce.coupons.models import CouponTicket, CouponUse
from commerce.coupons.rules import Reason
from commerce.events.models import OutboxEvent
from commerce.inventory.models import Reservation
from commerce.orders import balance as sums
from commerce.orders.models import Order
from commerce.orders.refund_math import Bill, Fault, Given, Line, Wish, propose
from commerce.orders.states import FulfilmentStatus, Status
from commerce.payments.models import Payment, Refund
from commerce.payments.states import PaymentState, Requester
from commerce.points import paying
from commerce.tests.conftest import _empty as empty
from commerce.tests.factories import LATER, NOW, cart, place, product, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.people import customer
from commerce.tests.purses import balance, give
from commerce.tests.test_stock_race import at_once
from commerce.tests.wallets import sound, ticket

WEEK = timedelta(days=7)


@pytest.fixture
def user(db):
    return customer()


def buy(user, held: CouponTicket, *, total: int, quantity: int = 2, **more: Any) -> Order:
    """Place an order of cups over 24,000 won each with a coupon."""
    if not Variant.objects.exists():
        product(units=9)
    return place(cart(("CUP", quantity)), total=total, customer_id=user.pk, coupon=held.pk, **more)


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


def paid(order: Order, gateway: FakeGateway) -> Order:
    gateway.says(order, PaymentState.PAID)
    settle_payment(payment_id=order.payment.payment_id, gateway=gateway, now=NOW)
    order.refresh_from_db()
    return order


def back(order: Order, now=LATER) -> bool:
    return using.give_back(order_id=order.pk, days=7, now=now)


def facts() -> list[tuple[str, int]]:
    rows = OutboxEvent.objects.filter(type__in=["coupon.used", "coupon.returned"]).order_by("pk")
    return [(row.type, row.payload["amount"]) for row in rows]


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


# --- coming back ------------------------------------------------------------------------------------------------


def test_an_order_that_is_not_paid_in_time_gives_it_back_once(user) -> None:
    held = ticket(user)
    order = buy(user, held, total=46_000)
    assert not back(order)

    closing.expire_unpaid_orders(gateway=FakeGateway(), now=LATER)

    assert [back(order), back(order)] == [True, False]
    order.coupon_use.refresh_from_db()
    held.refresh_from_db()
    assert (order.coupon_use.returned_at, held.ends_at) == (LATER, NOW + timedelta(days=30))
    assert facts() == [("coupon.used", 5_000), ("coupon.returned", 5_000)]
    assert selectors.usable(customer_id=user.pk, now=LATER) == 1
    assert sound()
    second = buy(user, held, total=46_000, now=LATER)
    assert [use.order for use in held.uses.all()] == [second, order]


def test_what_comes_back_lives_a_week_at_least_unless_the_shop_withdrew_it(user) -> None:
    short, withdrawn = ticket(user, ends_at=NOW + timedelta(hours=1)), ticket(user)
    orders = [buy(user, held, total=46_000) for held in (short, withdrawn)]
    services.withdraw(coupon_id=withdrawn.coupon_id, now=NOW)
    closing.expire_unpaid_orders(gateway=FakeGateway(), now=LATER)

    assert [back(order) for order in orders] == [True, True]

    found = selectors.wallet(customer_id=user.pk, now=LATER + timedelta(days=6))
    assert [(one.ticket_id, one.ends_at) for one in found.usable] == [(short.pk, LATER + WEEK)]
    assert [(one.ticket_id, one.reason) for one in found.past] == [(withdrawn.pk, Reason.GONE)]


def refund(order: Order, quantities: dict[int, int], *, fault: Fault = Fault.SHOP, **more: Any) -> Refund:
    return refunding.refund_order(
        order_id=order.pk,
        wish=Wish(quantities=quantities, fault=fault),
        cause=f"c{Refund.objects.count()}",
        reason="r",
        requester=Requester.STAFF,
        restock=True,
        now=NOW,
        **more,
    )


def test_a_part_that_goes_back_brings_its_share_of_the_money_and_not_the_coupon(user) -> None:
    gateway, held = FakeGateway(), ticket(user)
    order = paid(buy(user, held, total=67_000, quantity=3), gateway)
    line = order.lines.get().pk

    row = refund(order, {line: 1})
    paybacks.execute_refund(refund_id=row.pk, gateway=gateway, now=NOW)

    assert (row.amount, row.points) == (22_333, 0)
    assert not back(order)
    order.refresh_from_db()
    assert (order.coupon_use.returned_at, list(sums.wrong(order=order))) == (None, [])


def test_coupon_and_points_go_back_line_by_line_to_the_won(user) -> None:
    gateway, held = FakeGateway(), ticket(user, kind="percent", value=10, most=7_000)
    give(user, 10_000)
    product(skus=("CUP", "POT"), units=9)
    filled = cart(("CUP", 2), ("POT", 1))
    order = place(filled, total=55_000, customer_id=user.pk, coupon=held.pk, points=10_000)
    assert (order.reduction, order.points_total, order.total) == (7_000, 10_000, 55_000)
    paid(order, gateway)

    rows = []
    for line in order.lines.all():
        for _unit in range(line.quantity):
            row = refund(order, {line.pk: 1})
            paybacks.execute_refund(refund_id=row.pk, gateway=gateway, now=NOW)
            paying.give_back(order_id=order.pk, days=30, now=NOW)
            rows.append(row)
            order.refresh_from_db()
            assert list(sums.wrong(order=order)) == []

    assert sum(row.amount for row in rows) == 55_000
    assert sum(row.points for row in rows) == 10_000
    assert balance(user) == 10_000
    assert (order.status, back(order)) == (Status.CANCELLED, True)  # nothing is kept: the order is off
    assert sound()


def test_goods_that_came_back_after_dispatch_leave_the_coupon_used(user) -> None:
    gateway, held = FakeGateway(), ticket(user)
    order = paid(buy(user, held, total=46_000), gateway)
    Order.objects.filter(pk=order.pk).update(
        status=Status.FULFILLED, fulfilment_status=FulfilmentStatus.DELIVERED
    )

    row = refund(order, {order.lines.get().pk: 2}, returned=True)

    assert row.amount == 46_000
    assert not back(order)
    assert selectors.usable(customer_id=user.pk, now=NOW) == 0


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


@pytest.fixture
def off(committed):
    """An order with a coupon that is off."""
    who = customer("race@example.com")
    order = buy(who, ticket(who), total=46_000)
    closing.expire_unpaid_orders(gateway=FakeGateway(), now=LATER)
    yield order
    empty()
    who.delete()


def test_it_comes_back_once_however_often_that_is_asked_at_once(off) -> None:
    results = at_once([lambda: back(off)] * 4)

    assert sorted(results) == [False, False, False, True]
    assert facts() == [("coupon.used", 5_000), ("coupon.returned", 5_000)]


def test_twin_without_the_orders_lock_the_database_lets_it_come_back_once(off, monkeypatch) -> None:
    """Both see that it is not back yet; the second change of the use is refused with an error."""
    seen, honest = threading.Barrier(2), CouponUse.save

    def both(self, *args, **more) -> None:
        seen.wait(timeout=20)
        honest(self, *args, **more)

    monkeypatch.setattr(using, "_lock_order", lambda pk: Order.objects.get(pk=pk))
    monkeypatch.setattr(using, "_lock", lambda pk: CouponTicket.objects.select_related("coupon").get(pk=pk))
    monkeypatch.setattr(CouponUse, "save", both)

    results = at_once([lambda: back(off)] * 2)

    assert sorted(type(one).__name__ for one in results) == ["IntegrityError", "bool"]
    assert facts() == [("coupon.used", 5_000), ("coupon.returned", 5_000)]


# --- properties -------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(
    lines=st.lists(st.tuples(st.integers(1, 30_000), st.integers(1, 7)), min_size=1, max_size=4),
    off=st.integers(0, 100),
    part=st.integers(0, 100),
    turns=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 7)), max_size=12),
)
def test_in_whatever_steps_goods_go_back_nothing_is_lost_or_made(lines, off, part, turns) -> None:
    """A property: money and points of all units make what was paid with both; the coupon's share goes nowhere."""
    rows = [Line(line_id=n, quantity=q, total=p * q) for n, (p, q) in enumerate(lines)]
    goods = sum(row.total for row in rows)
    taken = goods * off // 100
    points = (goods - taken) * part // 100
    bill = Bill(lines=rows, shipping=0, discount=taken + points, points=points)
    gone: dict[int, tuple[int, int]] = {}
    got = 0
    for line_id, wanted in [*turns, *((row.line_id, row.quantity) for row in rows)]:
        if line_id >= len(rows):
            continue
        before = gone.get(line_id, (0, 0))
        units = min(wanted, rows[line_id].quantity - before[0])
        if not units:
            continue
        wish = Wish(quantities={line_id: units}, fault=Fault.SHOP)
        try:
            found = propose(bill=bill, given=Given(lines=gone, points=got), wish=wish, dispatched=True)
        except refunding.refund_math.NothingLeft:  # the coupon took all of it off
            gone[line_id] = (before[0] + units, before[1])
            continue
        assert found.amount >= 0 and found.points >= 0
        gone[line_id] = (before[0] + units, before[1] + found.goods)
        got += found.points
    assert got == points
    assert sum(won for _units, won in gone.values()) == goods - taken - points
