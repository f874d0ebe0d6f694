"""Money that somebody gave back at PortOne's console, beside refunds of ours."""

from dataclasses import replace

import pytest

from commerce.checkout.paybacks import reconcile_refunds
from commerce.checkout.settling import Outcome
from commerce.orders.states import PaymentStatus, Status
from commerce.payments import refunds
from commerce.payments.models import Refund
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.factories import LATER, NOW, order, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.refunding import balanced, facts, give_back, paid, pay, settle
from commerce.tests.test_reconciling import SlowGateway

pytestmark = pytest.mark.django_db


def test_two_parts_refunded_at_the_console_are_two_refunds() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    gateway.console(placed, 5_000)
    gateway.console(placed, 5_000)

    for _ in range(2):
        assert settle(placed, gateway) == Outcome.PAID

    assert list(Refund.objects.order_by("pk").values_list("kind", "goodwill_amount", "cause")) == [
        ("external", 5_000, "console:cancel-1"),
        ("external", 5_000, "console:cancel-2"),
    ]
    assert placed.payment.cancelled_amount == 10_000
    assert facts().count("refund.completed") == 2
    assert balanced(placed) == []


def test_a_payment_of_which_a_part_went_back_before_we_saw_it_is_still_a_payment() -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PARTLY_CANCELLED, cancelled=1_000, paid_at=NOW)

    assert settle(placed, gateway) == Outcome.PAID

    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.PARTLY_REFUNDED)
    assert shelf() == (3, 0)
    assert balanced(placed) == []


def test_all_of_it_refunded_at_the_console_after_dispatch_leaves_the_goods_where_they_are() -> None:
    gateway = FakeGateway()
    placed = paid(gateway, sent=True)
    gateway.console(placed, 51_000)

    assert settle(placed, gateway) == Outcome.CANCELLED

    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.REFUNDED)
    assert shelf() == (3, 0)
    assert balanced(placed) == []


def test_a_cancel_at_the_console_that_takes_its_time_holds_its_sum_and_is_seen_to_end() -> None:
    gateway = SlowGateway()
    placed = paid(gateway)
    gateway.console(placed, 40_000)
    settle(placed, gateway)
    assert Refund.objects.get().state == "pending"
    assert refunds.left(payment=placed.payment) == 11_000
    found = gateway.payments[placed.payment.payment_id]
    done = replace(found.refunds[0], state=RefundState.SUCCEEDED)
    gateway.payments[placed.payment.payment_id] = replace(
        found, state=PaymentState.PARTLY_CANCELLED, cancelled=40_000, refunds=(done,)
    )

    assert reconcile_refunds(gateway=gateway, now=LATER) == 1

    placed.refresh_from_db()
    assert (Refund.objects.get().state, placed.payment_status) == ("succeeded", PaymentStatus.PARTLY_REFUNDED)
    assert gateway.refunded == []
    assert balanced(placed) == []


def test_the_console_was_quicker_than_our_worker() -> None:
    """The same sum went back by hand: our refund is done, and the worker pays nothing."""
    gateway = FakeGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=2)
    gateway.console(placed, 51_000)

    assert pay(refund, gateway) == RefundState.SUCCEEDED

    assert (gateway.refunded, Refund.objects.count()) == ([], 1)
    assert balanced(placed) == []


def test_the_console_took_so_much_that_our_refund_has_no_room() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    gateway.console(placed, 40_000)

    assert pay(refund, gateway) == RefundState.ABANDONED

    placed.refresh_from_db()
    assert gateway.refunded == []
    assert list(Refund.objects.order_by("pk").values_list("amount", "state")) == [
        (24_000, "abandoned"),
        (40_000, "succeeded"),
    ]
    assert placed.payment_status == PaymentStatus.PARTLY_REFUNDED
    assert placed.flag
    assert balanced(placed) == []


def test_a_sum_that_the_providers_list_does_not_explain_is_flagged() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    known = gateway.console(placed, 5_000)
    found = gateway.payments[placed.payment.payment_id]
    gateway.payments[placed.payment.payment_id] = replace(found, cancelled=6_000, refunds=(known,))

    settle(placed, gateway)

    assert placed.flag == "the provider gave back 6000 won, our refunds say 5000"
