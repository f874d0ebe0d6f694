"""Money that an order cannot keep, and payments that are not ours."""

from typing import Any

import pytest

from commerce.checkout.closing import expire_unpaid_orders
from commerce.checkout.paybacks import execute_refund
from commerce.checkout.settling import Outcome
from commerce.inventory import stock
from commerce.inventory.models import StockMovement
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.payments.gateway import GatewayRefund
from commerce.payments.models import Refund
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.factories import LATER, NOW, on_shelf, order, promises, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.settled import SECOND, facts, kinds, settle

pytestmark = pytest.mark.django_db


# --- money that the order cannot keep ---------------------------------------------------------------------


def test_money_for_a_cancelled_order_goes_back_and_staff_is_told() -> None:
    placed, gateway = order(), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER)

    assert settle(placed, gateway, now=LATER) == Outcome.REFUNDING
    assert settle(placed, gateway, now=LATER) == Outcome.REFUNDING

    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDING)
    assert placed.flag == "paid after the order was cancelled"
    (refund,) = Refund.objects.all()
    assert (refund.amount, refund.state) == (51_000, RefundState.REQUESTED)
    assert facts() == ["order.placed", "order.cancelled", "refund.requested"]
    assert shelf() == (5, 0)

    assert execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER) == RefundState.SUCCEEDED
    placed.refresh_from_db()
    assert placed.payment_status == PaymentStatus.REFUNDED
    assert gateway.refunded == [(placed.payment.payment_id, 51_000)]
    assert facts()[-1] == "refund.completed"


def test_a_refund_is_made_once_however_often_it_is_asked_for() -> None:
    placed, gateway = order(), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER)
    settle(placed, gateway, now=LATER)
    refund = Refund.objects.get()

    for _ in range(3):
        assert execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER) == RefundState.SUCCEEDED

    assert gateway.refunded == [(placed.payment.payment_id, 51_000)]
    assert facts().count("refund.completed") == 1
    placed.payment.refresh_from_db()
    assert (placed.payment.cancelled_amount, placed.payment.state) == (51_000, PaymentState.CANCELLED)


def test_a_refund_that_arrives_later_is_completed_when_the_provider_says_so() -> None:
    placed, gateway = order(), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER)
    settle(placed, gateway, now=LATER)
    Refund.objects.update(state=RefundState.PENDING, cancellation_id="cancel-7")
    done = GatewayRefund(state=RefundState.SUCCEEDED, cancellation_id="cancel-7", amount=51_000)
    gateway.says(placed, PaymentState.CANCELLED, at=LATER + SECOND, refunds=(done,))

    assert settle(placed, gateway, now=LATER) == Outcome.CANCELLED
    assert settle(placed, gateway, now=LATER) == Outcome.CANCELLED

    assert placed.payment_status == PaymentStatus.REFUNDED
    assert list(Refund.objects.values_list("state", "cancellation_id")) == [("succeeded", "cancel-7")]
    assert facts() == ["order.placed", "order.cancelled", "refund.requested", "refund.completed"]
    assert kinds(placed).count("refunded") == 1
    assert gateway.refunded == []


def test_a_released_promise_is_renewed_when_there_is_stock() -> None:
    placed, gateway = order(quantity=2, units=5), FakeGateway()
    _release(placed)
    gateway.says(placed, PaymentState.PAID)

    assert settle(placed, gateway) == Outcome.PAID

    assert shelf() == (3, 0)
    assert promises(placed.number) == [("CUP", 2, "sold")]


def test_paid_but_sold_out_is_cancelled_and_refunded() -> None:
    placed, gateway = order(quantity=2, units=5), FakeGateway()
    _release(placed)
    on_shelf(placed.lines.get().variant, 1)
    gateway.says(placed, PaymentState.PAID)

    assert settle(placed, gateway) == Outcome.REFUNDING

    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDING)
    assert placed.flag == "paid, but sold out"
    assert list(Refund.objects.values_list("amount", "state")) == [(51_000, "requested")]
    assert shelf() == (1, 0)
    assert "order.paid" not in facts()


def test_a_refund_at_the_providers_console_closes_the_order_and_brings_the_goods_back() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    gateway.says(placed, PaymentState.CANCELLED, at=NOW + SECOND)

    assert settle(placed, gateway) == Outcome.CANCELLED
    assert settle(placed, gateway) == Outcome.CANCELLED

    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDED)
    assert placed.payment.cancelled_amount == 51_000
    assert shelf() == (5, 0)
    assert facts() == ["order.placed", "order.paid", "refund.completed", "order.cancelled"]
    refund = Refund.objects.get()
    assert (refund.kind, refund.goods_amount, refund.shipping_amount) == ("external", 48_000, 3_000)
    assert placed.flag == ""
    assert StockMovement.objects.filter(kind="returned").count() == 1


def test_a_part_refunded_at_the_console_is_left_to_staff() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    gateway.says(placed, PaymentState.PARTLY_CANCELLED, at=NOW + SECOND, cancelled=1_000)

    assert settle(placed, gateway) == Outcome.PAID

    assert (placed.status, placed.flag) == (Status.PAID, "partly refunded at the provider")
    assert (placed.payment_status, placed.payment.cancelled_amount) == (PaymentStatus.PARTLY_REFUNDED, 1_000)
    refund = Refund.objects.get()
    assert (refund.kind, refund.state, refund.goodwill_amount) == ("external", "succeeded", 1_000)
    assert shelf() == (3, 0)


# --- payments that are not ours ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"total": 5_100},
        {"total": 51_001},
        {"currency": "USD"},
        {"tax_free": 51_000},
        {"channel_key": "channel-key-of-somebody-else"},
        {"version": "V1"},
    ],
)
def test_money_that_does_not_match_goes_back_and_buys_nothing(wrong: dict[str, Any]) -> None:
    placed, gateway = order(), FakeGateway()
    found = gateway.says(placed, PaymentState.PAID, **wrong)

    assert settle(placed, gateway) == Outcome.REFUNDING
    assert settle(placed, gateway) == Outcome.REFUNDING

    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDING)
    assert placed.flag.startswith("payment mismatch: ")
    assert placed.paid_at is None
    assert list(Refund.objects.values_list("amount", "state")) == [(found.total, "requested")]
    assert "order.paid" not in facts()
    assert shelf() == (5, 0)


@pytest.mark.parametrize("wrong", [{"store_id": "store-of-somebody-else"}, {"payment_id": "ANOTHER0"}])
def test_a_payment_at_another_store_is_not_even_refunded(wrong: dict[str, Any]) -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID, **wrong)

    assert settle(placed, gateway) == Outcome.SUSPICIOUS

    assert (placed.status, placed.payment_status) == (Status.PLACED, PaymentStatus.PENDING)
    assert placed.flag.startswith("payment mismatch: ")
    assert not Refund.objects.exists()
    assert shelf() == (5, 2)


def test_a_live_shop_takes_no_test_money(settings: Any) -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settings.PORTONE_LIVE_ONLY = True

    assert settle(placed, gateway) == Outcome.REFUNDING

    assert placed.status == Status.CANCELLED
    assert "channel type: TEST instead of LIVE" in placed.flag


def test_a_wrong_amount_before_any_money_came_only_warns() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.OPEN, total=100)

    assert settle(placed, gateway) == Outcome.SUSPICIOUS

    assert placed.status == Status.PLACED
    assert not Refund.objects.exists()


def _release(placed: Order) -> None:
    stock.release(reference=placed.number, now=NOW)
