"""Points pay for goods: they go with the order or not at all, and come back once."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commerce.catalog.models import Variant
from commerce.checkout import closing, paybacks, refunding
from commerce.checkout import services as checkout
from commerce.checkout.settling import settle_payment
from commerce.coupons import rules, using
from commerce.coupons import selectors as coupons
from commerce.coupons.models import CouponUse
from commerce.inventory.models import Reservation
from commerce.orders import balance as sums
from commerce.orders.models import Order
from commerce.orders.refund_math import (
    Bill,
    Fault,
    Given,
    Line,
    NothingLeft,
    UnableToPropose,
    Wish,
    propose,
)
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status
from commerce.payments.models import Payment, Refund
from commerce.payments.states import MONEY_IS_IN, PaymentState, RefundState, Requester
from commerce.points import paying, selectors, services
from commerce.points.models import PointsAccount, PointsEntry
from commerce.tests.conftest import _empty as empty
from commerce.tests.factories import LATER, NOW, cart, place, product, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.people import customer
from commerce.tests.purses import balance, entries, give
from commerce.tests.test_stock_race import at_once
from commerce.tests.wallets import ticket

MONTH = timedelta(days=30)


@pytest.fixture
def user(db):
    return customer()


def buy(user, *, points: int, quantity: int = 2, price: int = 24_000, total: int | None = None) -> Order:
    """Place an order of cups with points."""
    if not Variant.objects.exists():
        product(price=price)
    goods = quantity * price
    whole = goods + (0 if goods >= 50_000 else 3_000)
    shown = whole - points if total is None else total
    return place(cart(("CUP", quantity)), total=shown, customer_id=user.pk, points=points)


def paid(order: Order, gateway: FakeGateway) -> Order:
    gateway.says(order, PaymentState.PAID)
    settle_payment(payment_id=order.payment.payment_id, gateway=gateway, now=NOW)
    order.refresh_from_db()
    return order


def refund(order: Order, units: int, *, fault: Fault = Fault.SHOP, cause: str = "x", **more: Any) -> Refund:
    wish = Wish(quantities={order.lines.get().pk: units} if units else {}, fault=fault)
    return refunding.refund_order(
        order_id=order.pk,
        wish=wish,
        cause=cause,
        reason="r",
        requester=Requester.STAFF,
        restock=True,
        now=NOW,
        **more,
    )


def back(order: Order, now=NOW) -> int:
    return paying.give_back(order_id=order.pk, days=30, now=now)


def done(row: Refund, gateway: FakeGateway) -> None:
    paybacks.execute_refund(refund_id=row.pk, gateway=gateway, now=NOW)


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


def test_an_order_that_is_not_paid_in_time_gives_them_back_once(user) -> None:
    give(user, 5_000, days=100)
    order = buy(user, points=5_000)
    assert back(order) == 0

    closing.expire_unpaid_orders(gateway=FakeGateway(), now=LATER)

    assert (back(order, LATER), back(order, LATER)) == (5_000, 0)
    assert entries(user) == [("earned", 5_000), ("used", -5_000), ("returned", 5_000)]
    assert PointsEntry.objects.get(kind="returned").expires_at == NOW + timedelta(days=100)
    assert balance(user) == 5_000


def test_what_comes_back_lives_a_month_at_least(user) -> None:
    give(user, 1_000, days=3)
    give(user, 2_000, days=10)
    give(user, 4_000, days=200)
    order = buy(user, points=5_000)
    closing.expire_unpaid_orders(gateway=FakeGateway(), now=LATER)

    back(order, LATER)

    returned = PointsEntry.objects.filter(kind="returned").order_by("pk")
    assert [(one.amount, one.expires_at) for one in returned] == [
        (2_000, NOW + timedelta(days=200)),
        (3_000, LATER + MONTH),
    ]
    assert services.expire(now=NOW + timedelta(days=11)) == 0  # the rest of the old lots is used up
    assert balance(user) == 7_000


def test_who_left_the_shop_gets_none(user) -> None:
    give(user, 5_000)
    order = buy(user, points=5_000)
    PointsAccount.objects.update(customer=None)
    closing.expire_unpaid_orders(gateway=FakeGateway(), now=LATER)

    assert back(order) == 0
    assert not PointsEntry.objects.filter(kind="returned").exists()


def test_a_refund_gives_shares_of_money_and_points_back(user) -> None:
    gateway = FakeGateway()
    give(user, 10_000)
    order = paid(buy(user, points=10_000, quantity=3), gateway)  # 72,000: 62,000 won and 10,000 points

    rows = [refund(order, 1, cause=str(number)) for number in range(3)]

    assert [(row.amount, row.points) for row in rows] == [(20_666, 3_334), (20_667, 3_333), (20_667, 3_333)]
    assert back(order) == 10_000  # nothing is kept: the order is off, whatever PortOne does with the money
    for row in rows:
        done(row, gateway)
    assert back(order) == 0
    order.refresh_from_db()
    assert (order.status, order.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDED)
    assert list(sums.wrong(order=order)) == []
    assert balance(user) == 10_000


def test_points_of_a_part_come_when_its_money_has_gone_back(user) -> None:
    gateway = FakeGateway()
    give(user, 10_000)
    order = paid(buy(user, points=10_000, quantity=3), gateway)
    row = refund(order, 1)
    assert back(order) == 0

    done(row, gateway)

    assert (back(order), back(order)) == (3_334, 0)
    assert balance(user) == 3_334


def test_a_refund_that_was_given_up_gives_no_points(user) -> None:
    give(user, 10_000)
    order = paid(buy(user, points=10_000, quantity=3), FakeGateway())
    Refund.objects.filter(pk=refund(order, 1).pk).update(state=RefundState.ABANDONED)

    assert back(order) == 0


def sent(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(
        status=Status.FULFILLED, fulfilment_status=FulfilmentStatus.DELIVERED
    )
    order.refresh_from_db()


def test_what_is_deducted_above_the_money_is_kept_from_the_points(user) -> None:
    give(user, 90_000)
    order = paid(buy(user, points=47_000), FakeGateway())  # 1,000 won of goods, 3,000 of delivery
    sent(order)

    row = refund(order, 2, fault=Fault.SHOPPER, returned=True)  # the way back costs 3,000

    assert (row.amount, row.fee, row.points, row.state) == (0, 1_000, 45_000, RefundState.SUCCEEDED)
    assert back(order) == 45_000
    order.refresh_from_db()
    assert list(sums.wrong(order=order)) == []
    assert balance(user) == 88_000
    assert [entry.kind for entry in order.timeline.order_by("pk")][-2:] == ["refund_requested", "refunded"]


def test_goods_that_points_alone_paid_come_back_as_points(user) -> None:
    give(user, 90_000)
    order = paid(buy(user, points=48_000), FakeGateway())

    row = refund(order, 1)

    assert (row.amount, row.points, row.state) == (0, 24_000, RefundState.SUCCEEDED)
    assert back(order) == 24_000
    with pytest.raises(NothingLeft):
        refund(order, 0, cause="nothing")


def test_earned_is_what_was_paid_with_money(user) -> None:
    give(user, 8_000)
    order = paid(buy(user, points=8_000), FakeGateway())
    sent(order)
    Order.objects.filter(pk=order.pk).update(confirmed_at=NOW)

    entry = services.earn(order_id=order.pk, percent=1, days=365, now=NOW)

    assert (entry.base, entry.amount) == (40_000, 400)


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


# --- properties -----------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(
    lines=st.lists(st.tuples(st.integers(1, 30_000), st.integers(1, 7)), min_size=1, max_size=4),
    part=st.integers(0, 100),
    turns=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 7)), max_size=12),
)
def test_money_and_points_of_units_make_their_price(lines, part, turns) -> None:
    """A property: whatever goes back in whatever steps, both together are the price, and all of them all of it."""
    rows = [Line(line_id=n, quantity=q, total=p * q) for n, (p, q) in enumerate(lines)]
    goods = sum(row.total for row in rows)
    points = goods * part // 100
    bill = Bill(lines=rows, shipping=0, discount=points, points=points)
    gone: dict[int, tuple[int, int]] = {}
    got = 0
    turns = [*turns, *((row.line_id, row.quantity) for row in rows)]
    for line_id, units in turns:
        if line_id >= len(rows):
            continue
        before = gone.get(line_id, (0, 0))
        units = min(units, rows[line_id].quantity - before[0])
        if not units:
            continue
        wish = Wish(quantities={line_id: units}, fault=Fault.SHOP)
        found = propose(bill=bill, given=Given(lines=gone, points=got), wish=wish, dispatched=True)
        assert found.amount + found.points == units * lines[line_id][0]
        gone[line_id] = (before[0] + units, before[1] + found.goods)
        got += found.points
    assert got == points
    assert sum(won for _units, won in gone.values()) == goods - points


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(
                ["gift", "coupon", "buy", "buy", "pay", "refund", "refund", "pay back", "expire", "time"]
            ),
            st.integers(0, 9),
            st.integers(0, 400),
        ),
        max_size=25,
    )
)
def test_whatever_happens_the_ledger_and_the_orders_agree(db, acts) -> None:  # noqa: C901, PLR0915  # one branch for each act
    """A property: after any acts at any times no points are lost or made, coupons come back with what is off, and every
    order balances."""
    who, now, gateway = customer(f"{uuid.uuid4()}@example.com"), NOW, FakeGateway()
    if not Variant.objects.filter(sku="CUP").exists():
        product(units=9_000)
    orders: list[Order] = []
    for number, (act, which, size) in enumerate(acts):
        order = orders[which % len(orders)] if orders else None
        if act == "gift":
            give(who, 1 + size * 97, days=1 + size, now=now)
        elif act == "coupon":
            percent = which % 2 == 1
            ticket(
                who, kind="percent" if percent else "fixed", value=1 + (size % 100 if percent else size * 97)
            )
        elif act == "time":
            now += timedelta(hours=size)
            closing.expire_unpaid_orders(gateway=gateway, now=now)
        elif act == "expire":
            services.expire(now=now)
        elif act == "buy":
            quantity = 1 + which % 4
            whole = quantity * 24_000 + (3_000 if quantity < 3 else 0)
            points = min(selectors.spendable(customer_id=who.pk, now=now), size * 177)
            wallet = [*coupons.current(customer_id=who.pk, now=now), None]
            held = wallet[which % len(wallet)]
            room = whole - 100
            off = rules.off(coupon=held.coupon, goods=quantity * 24_000, room=room).amount if held else 0
            try:
                bought = place(
                    cart(("CUP", quantity)),
                    total=whole - off - points,
                    customer_id=who.pk,
                    coupon=held.ticket_id if held else None,
                    points=points,
                    now=now,
                )
            except checkout.PointsRefused:
                continue
            orders.append(bought)
        elif act == "pay" and order and gateway_state(gateway, order) not in MONEY_IS_IN:
            gateway.says(order, PaymentState.PAID, at=now)
            settle_payment(payment_id=order.payment.payment_id, gateway=gateway, now=now)
        elif act == "refund" and order:
            try:
                refund(order, 1 + size % 3, fault=list(Fault)[size % 2], cause=f"c{number}")
            except (UnableToPropose, refunding.refunds.UnableToRefund):
                continue
        elif act == "pay back":
            for row in Refund.objects.filter(payment__order__in=orders):
                paybacks.execute_refund(refund_id=row.pk, gateway=gateway, now=now)
        for each in orders:
            paying.give_back(order_id=each.pk, days=30, now=now)
            using.give_back(order_id=each.pk, days=7, now=now)
            each.refresh_from_db()
            assert list(sums.wrong(order=each)) == []
        assert [*selectors.doubts(), *coupons.doubts()] == []
    for each in orders:
        used = CouponUse.objects.filter(order=each).first()
        assert used is None or (used.returned_at is not None) == (each.status == Status.CANCELLED)
        if each.status == Status.CANCELLED:
            came = PointsEntry.objects.filter(order=each, kind="returned")
            assert sum(one.amount for one in came) == each.points_total


def gateway_state(gateway: FakeGateway, order: Order) -> Any:
    known = gateway.payments.get(order.payment.payment_id)
    return known.state if known else None
