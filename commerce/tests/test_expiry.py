"""Orders that nobody pays: they end, their goods come back, and no money is lost on the way."""

from datetime import timedelta

import pytest
from django.test import Client

from commerce.checkout.closing import expire_unpaid_orders, reconcile_payments
from commerce.checkout.services import window_opened
from commerce.events.models import OutboxEvent
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.payments.states import PaymentState
from commerce.tests.factories import LATER, NOW, cart, order, place, product, promises, shelf
from commerce.tests.fakes import FakeGateway

pytestmark = pytest.mark.django_db


def test_an_unpaid_order_ends_and_gives_its_goods_back() -> None:
    placed, gateway = order(quantity=2, units=5), FakeGateway()

    assert expire_unpaid_orders(gateway=gateway, now=LATER) == 1

    placed.refresh_from_db()
    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.VOID)
    assert placed.cancelled_at == LATER
    assert shelf() == (5, 0)
    assert promises(placed.number) == [("CUP", 2, "released")]
    (event,) = OutboxEvent.objects.filter(type="order.cancelled")
    assert event.payload["reason"] == "not paid in time"


def test_it_ends_once() -> None:
    order()
    gateway = FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)

    assert expire_unpaid_orders(gateway=gateway, now=LATER) == 0
    assert OutboxEvent.objects.filter(type="order.cancelled").count() == 1


@pytest.mark.parametrize(("seconds", "ended"), [(-1, 0), (0, 1), (1, 1)])
def test_the_last_second_still_counts(seconds: int, ended: int) -> None:
    placed = order()

    assert (
        expire_unpaid_orders(gateway=FakeGateway(), now=placed.pay_until + timedelta(seconds=seconds))
        == ended
    )


def test_an_order_paid_at_the_last_moment_is_settled_instead() -> None:
    placed, gateway = order(quantity=2, units=5), FakeGateway()
    gateway.says(placed, PaymentState.PAID)

    assert expire_unpaid_orders(gateway=gateway, now=LATER) == 0

    placed.refresh_from_db()
    assert placed.status == Status.PAID
    assert shelf() == (3, 0)


def test_while_the_provider_cannot_be_asked_the_order_stays() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.down = True

    assert expire_unpaid_orders(gateway=gateway, now=LATER) == 0

    placed.refresh_from_db()
    assert placed.status == Status.PLACED
    assert shelf() == (5, 2)


def test_one_order_in_trouble_does_not_keep_the_others() -> None:
    product(units=10)
    stuck, plain = (place(cart(("CUP", 1)), total=27_000) for _ in range(2))
    gateway = FakeGateway()
    fetch = gateway.fetch

    def trouble(*, payment_id: str) -> object:
        gateway.down = payment_id == stuck.payment.payment_id
        return fetch(payment_id=payment_id)

    gateway.fetch = trouble  # type: ignore[method-assign,assignment]

    assert expire_unpaid_orders(gateway=gateway, now=LATER) == 1

    assert list(Order.objects.filter(status=Status.CANCELLED)) == [plain]


def test_its_units_can_be_bought_by_the_next() -> None:
    product(units=1)
    place(cart(("CUP", 1)), total=27_000)
    expire_unpaid_orders(gateway=FakeGateway(), now=LATER)

    second = place(cart(("CUP", 1)), total=27_000, now=LATER)

    assert promises(second.number) == [("CUP", 1, "held")]
    assert shelf() == (1, 1)


def test_reconciling_asks_about_old_open_payments_only() -> None:
    product(units=10)
    old = place(cart(("CUP", 1)), total=27_000)
    place(cart(("CUP", 1)), total=27_000, now=NOW + timedelta(minutes=4))
    gateway = FakeGateway()
    gateway.says(old, PaymentState.PAID)

    asked = reconcile_payments(
        gateway=gateway, now=NOW + timedelta(minutes=6), older_than=timedelta(minutes=5)
    )

    assert asked == 1
    old.refresh_from_db()
    assert old.status == Status.PAID


@pytest.mark.parametrize(("minutes", "ended"), [(9, 0), (10, 1)])
def test_a_window_that_was_opened_at_the_last_minute_may_still_be_used(minutes: int, ended: int) -> None:
    placed = order()
    window_opened(order=placed, now=placed.pay_until - timedelta(minutes=1))

    late = placed.pay_until + timedelta(minutes=minutes - 1)

    assert expire_unpaid_orders(gateway=FakeGateway(), now=late) == ended
    assert shelf() == ((5, 2) if not ended else (5, 0))


@pytest.mark.parametrize(("minutes", "ended"), [(1, 0), (59, 0), (60, 1)])
def test_while_the_provider_works_on_the_payment_the_goods_are_kept(minutes: int, ended: int) -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PENDING)

    late = placed.pay_until + timedelta(minutes=minutes)

    assert expire_unpaid_orders(gateway=gateway, now=late) == ended
    assert gateway.asked == 1  # nothing is released without asking again


def test_money_that_comes_during_the_grace_pays_the_order() -> None:
    placed, gateway = order(quantity=2, units=5), FakeGateway()
    gateway.says(placed, PaymentState.PENDING)
    expire_unpaid_orders(gateway=gateway, now=LATER)

    gateway.says(placed, PaymentState.PAID, at=LATER)
    expire_unpaid_orders(gateway=gateway, now=LATER + timedelta(hours=2))

    placed.refresh_from_db()
    assert placed.status == Status.PAID
    assert shelf() == (3, 0)


def test_opening_the_window_is_remembered(client: Client, noon: None, gateway: FakeGateway) -> None:
    placed = order()

    client.get(f"/checkout/pay/{placed.token}/")

    placed.payment.refresh_from_db()
    assert placed.payment.window_at == NOW
