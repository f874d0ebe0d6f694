"""Payments and deposits that go as they should: asked for again, late, or answered in another order."""

from datetime import timedelta

import pytest

from commerce.checkout.closing import expire_unpaid_orders
from commerce.checkout.settling import Outcome, settle_payment
from commerce.orders.states import FulfilmentStatus, PaymentStatus, Status
from commerce.payments.gateway import GatewayTrouble
from commerce.payments.models import Payment
from commerce.payments.states import PaymentState
from commerce.tests.factories import LATER, NOW, order, promises, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.settled import SECOND, facts, kinds, settle, snapshot

pytestmark = pytest.mark.django_db
ACCOUNT = {"bank": "SHINHAN", "number": "56211905874893", "holder": "마루"}


# --- the straight way -------------------------------------------------------------------------------------


def test_paid_money_makes_a_paid_order_and_a_sale() -> None:
    placed, gateway = order(quantity=2, units=5), FakeGateway()
    gateway.says(placed, PaymentState.PAID)

    assert settle(placed, gateway) == Outcome.PAID

    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.PAID)
    assert (placed.fulfilment_status, placed.paid_at) == (FulfilmentStatus.PREPARING, NOW)
    assert (placed.payment.state, placed.payment.transaction_id) == (PaymentState.PAID, "tx-1")
    assert placed.payment.method_detail == "신한카드"
    assert shelf() == (3, 0)
    assert promises(placed.number) == [("CUP", 2, "sold")]
    assert facts() == ["order.placed", "order.paid"]
    assert kinds(placed) == ["placed", "paid"]


def test_what_the_provider_never_heard_of_stays_open() -> None:
    placed, gateway = order(), FakeGateway()

    assert settle(placed, gateway) == Outcome.OPEN

    assert (placed.status, placed.payment_status) == (Status.PLACED, PaymentStatus.PENDING)
    assert shelf() == (5, 2)


@pytest.mark.parametrize(
    ("state", "outcome"), [(PaymentState.OPEN, Outcome.OPEN), (PaymentState.PENDING, Outcome.PENDING)]
)
def test_an_unfinished_payment_changes_no_order(state: PaymentState, outcome: Outcome) -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, state)

    assert settle(placed, gateway) == outcome

    assert (placed.status, placed.payment_status) == (Status.PLACED, PaymentStatus.PENDING)
    assert facts() == ["order.placed"]


def test_an_unreachable_provider_changes_nothing() -> None:
    placed, gateway = order(), FakeGateway()
    before = snapshot(placed)
    gateway.down = True

    with pytest.raises(GatewayTrouble):
        settle(placed, gateway)

    assert snapshot(placed) == before


def test_a_payment_that_we_never_opened_is_a_defect() -> None:
    with pytest.raises(Payment.DoesNotExist):
        settle_payment(payment_id="nothing0", gateway=FakeGateway(), now=NOW)


def test_a_failed_try_can_be_followed_by_a_good_one() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.FAILED, failure="한도 초과")

    assert settle(placed, gateway) == Outcome.FAILED
    assert (placed.status, placed.payment_status) == (Status.PLACED, PaymentStatus.FAILED)
    assert placed.payment.failure == "한도 초과"
    assert shelf() == (5, 2)

    gateway.says(placed, PaymentState.PAID, at=NOW + SECOND, transaction_id="tx-2")
    assert settle(placed, gateway) == Outcome.PAID
    assert placed.status == Status.PAID
    assert kinds(placed) == ["placed", "payment_failed", "paid"]
    assert facts() == ["order.placed", "payment.failed", "order.paid"]


def test_two_failures_are_told_twice_but_each_only_once() -> None:
    placed, gateway = order(), FakeGateway()
    for number in (1, 2):
        gateway.says(placed, PaymentState.FAILED, at=NOW + number * SECOND, transaction_id=f"tx-{number}")
        settle(placed, gateway)
        settle(placed, gateway)

    assert facts() == ["order.placed", "payment.failed", "payment.failed"]


# --- virtual accounts -------------------------------------------------------------------------------------


def test_a_virtual_account_keeps_the_goods_until_its_deadline() -> None:
    placed, gateway = order(), FakeGateway()
    until = NOW + timedelta(hours=24)
    gateway.says(placed, PaymentState.AWAITING_DEPOSIT, account=ACCOUNT | {"until": until.isoformat()})

    assert settle(placed, gateway) == Outcome.AWAITING_DEPOSIT
    assert settle(placed, gateway) == Outcome.AWAITING_DEPOSIT

    assert (placed.status, placed.payment_status) == (Status.PLACED, PaymentStatus.AWAITING_DEPOSIT)
    assert placed.pay_until == until
    assert placed.payment.account["number"] == "56211905874893"
    assert facts() == ["order.placed", "order.deposit_awaited"]
    assert expire_unpaid_orders(gateway=gateway, now=LATER) == 0
    assert shelf() == (5, 2)


def test_a_deposit_pays_the_order_days_later() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.AWAITING_DEPOSIT, account=ACCOUNT)
    settle(placed, gateway)
    gateway.says(placed, PaymentState.PAID, at=NOW + timedelta(hours=20))

    assert settle(placed, gateway, now=NOW + timedelta(hours=20)) == Outcome.PAID

    assert placed.paid_at == NOW + timedelta(hours=20)
    assert shelf() == (3, 0)


def test_an_account_without_deadline_waits_as_long_as_the_shop_says() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.AWAITING_DEPOSIT, account=ACCOUNT)

    settle(placed, gateway)

    assert placed.pay_until == NOW + timedelta(hours=24)


def test_an_account_for_a_closed_order_is_flagged_and_not_reopened() -> None:
    placed, gateway = order(), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.AWAITING_DEPOSIT, at=LATER, account=ACCOUNT)

    assert settle(placed, gateway, now=LATER) == Outcome.CANCELLED

    assert placed.status == Status.CANCELLED
    assert placed.flag == "a virtual account is open for a closed order"
    assert shelf() == (5, 0)


# --- again, late, and in any order ------------------------------------------------------------------------


def test_an_older_answer_undoes_nothing() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID, at=NOW + 2 * SECOND)
    settle(placed, gateway)
    before = snapshot(placed)
    for state in (
        PaymentState.FAILED,
        PaymentState.OPEN,
        PaymentState.PENDING,
        PaymentState.AWAITING_DEPOSIT,
    ):
        gateway.says(placed, state, at=NOW)
        settle(placed, gateway)

    assert snapshot(placed) == before


def test_money_is_never_undone_by_a_newer_answer_either() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    before = snapshot(placed)
    gateway.says(placed, PaymentState.FAILED, at=NOW + SECOND)
    settle(placed, gateway)

    assert snapshot(placed) == before
