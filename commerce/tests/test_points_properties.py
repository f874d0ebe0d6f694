"""Whatever goes back in whatever steps, no points are lost or made, and every order balances."""

import uuid
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commerce.catalog.models import Variant
from commerce.checkout import closing, paybacks, refunding
from commerce.checkout import services as checkout
from commerce.checkout.settling import settle_payment
from commerce.coupons import rules, using
from commerce.coupons import selectors as coupons
from commerce.coupons.models import CouponUse
from commerce.orders import balance as sums
from commerce.orders.models import Order
from commerce.orders.refund_math import (
    Bill,
    Fault,
    Given,
    Line,
    UnableToPropose,
    Wish,
    propose,
)
from commerce.orders.states import Status
from commerce.payments.models import Refund
from commerce.payments.states import MONEY_IS_IN, PaymentState
from commerce.points import paying, selectors, services
from commerce.points.models import PointsEntry
from commerce.tests.factories import NOW, cart, place, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.people import customer
from commerce.tests.purses import give
from commerce.tests.spending import refund
from commerce.tests.wallets import ticket


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
