"""Points that paid for goods come back with what goes back: once, and never more than were used."""

from datetime import timedelta

import pytest

from commerce.checkout import closing
from commerce.orders import balance as sums
from commerce.orders.models import Order
from commerce.orders.refund_math import (
    Fault,
    NothingLeft,
)
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status
from commerce.payments.models import Refund
from commerce.payments.states import RefundState
from commerce.points import services
from commerce.points.models import PointsAccount, PointsEntry
from commerce.tests.factories import LATER, NOW
from commerce.tests.fakes import FakeGateway
from commerce.tests.people import customer
from commerce.tests.purses import balance, entries, give
from commerce.tests.spending import back, buy, done, paid, refund

MONTH = timedelta(days=30)


@pytest.fixture
def user(db):
    return customer()


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
