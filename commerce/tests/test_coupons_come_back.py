"""A coupon comes back once when all of its order is off; of a part only the money does."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.checkout import closing, paybacks, refunding
from commerce.coupons import selectors, services, using
from commerce.coupons.models import CouponTicket, CouponUse
from commerce.coupons.rules import Reason
from commerce.orders import balance as sums
from commerce.orders.models import Order
from commerce.orders.refund_math import Bill, Fault, Given, Line, Wish, propose
from commerce.orders.states import FulfilmentStatus, Status
from commerce.payments.models import Refund
from commerce.payments.states import Requester
from commerce.points import paying
from commerce.tests.conftest import _empty as empty
from commerce.tests.factories import LATER, NOW, cart, place, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.people import customer
from commerce.tests.purses import balance, give
from commerce.tests.reduced import buy, facts
from commerce.tests.spending import paid
from commerce.tests.test_stock_race import at_once
from commerce.tests.wallets import sound, ticket

WEEK = timedelta(days=7)


@pytest.fixture
def user(db):
    return customer()


def back(order: Order, now=LATER) -> bool:
    return using.give_back(order_id=order.pk, days=7, now=now)


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


# --- everybody at once ------------------------------------------------------------------------------------------


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
