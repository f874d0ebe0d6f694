"""What nobody told us we find out ourselves: late deposits, refunds under way, payments behind one in trouble."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from commerce.checkout.closing import expire_unpaid_orders, reconcile_payments
from commerce.checkout.paybacks import execute_refund, reconcile_refunds
from commerce.checkout.settling import Outcome, settle_payment
from commerce.events.models import OutboxEvent
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.payments.gateway import GatewayPayment, GatewayRefund
from commerce.payments.models import Refund
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.factories import LATER, NOW, cart, order, place, product, shelf
from commerce.tests.fakes import FakeGateway

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class SlowGateway(FakeGateway):
    """A provider that takes cancellations and works on them later."""

    def _cancel(self, payment_id: str, amount: int, reason: str) -> GatewayRefund:
        known = self.payments[payment_id]
        wish = GatewayRefund(
            state=RefundState.PENDING,
            cancellation_id=f"cancel-{len(known.refunds) + 1}",
            amount=amount,
            reason=reason,
        )
        self.payments[payment_id] = replace(known, refunds=(*known.refunds, wish))
        return wish

    def ends(self, placed: Order, state: RefundState, failure: str = "") -> None:
        """Let the cancellation be done or refused."""
        known = self.payments[placed.payment.payment_id]
        done = replace(known.refunds[-1], state=state, failure=failure)
        money: dict[str, Any] = {}
        if state == RefundState.SUCCEEDED:
            money = {"state": PaymentState.CANCELLED, "cancelled": known.total, "changed_at": LATER}
        self.payments[placed.payment.payment_id] = replace(
            known, refunds=(*known.refunds[:-1], done), **money
        )


def late(gateway: FakeGateway) -> tuple[Order, Refund]:
    """Let the money of an order come after its end."""
    placed = order()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER)
    assert settle(placed, gateway) == Outcome.REFUNDING
    return placed, Refund.objects.get()


def settle(placed: Order, gateway: FakeGateway) -> Outcome:
    """Settle and read the order again."""
    outcome = settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=LATER)
    placed.refresh_from_db()
    return outcome


def refunded(placed: Order) -> tuple[str, str, int, int]:
    """Return payment status, the refund's state, and how often the end was told on the timeline and as a fact."""
    placed.refresh_from_db()
    told = placed.timeline.filter(kind="refunded").count()
    facts = OutboxEvent.objects.filter(type="refund.completed").count()
    return placed.payment_status, Refund.objects.get().state, told, facts


def test_a_refund_under_way_is_not_asked_for_again() -> None:
    gateway = SlowGateway()
    placed, refund = late(gateway)

    states = [execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER) for _ in range(3)]

    assert states == [RefundState.PENDING] * 3
    assert gateway.refunded == [(placed.payment.payment_id, 51_000)]


def test_a_refund_whose_answer_was_lost_is_not_asked_for_again() -> None:
    gateway = SlowGateway()
    placed, refund = late(gateway)
    gateway.refund(payment_id=placed.payment.payment_id, amount=51_000, cancellable=51_000, reason="lost")

    assert execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER) == RefundState.PENDING

    assert len(gateway.refunded) == 1
    refund.refresh_from_db()
    assert (refund.state, refund.cancellation_id) == ("pending", "cancel-1")


def test_a_refund_under_way_is_found_done() -> None:
    gateway = SlowGateway()
    placed, refund = late(gateway)
    execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER)
    assert reconcile_refunds(gateway=gateway, now=LATER) == 0
    assert refunded(placed) == (PaymentStatus.REFUNDING, "pending", 0, 0)

    gateway.ends(placed, RefundState.SUCCEEDED)

    assert reconcile_refunds(gateway=gateway, now=LATER) == 1
    assert reconcile_refunds(gateway=gateway, now=LATER) == 0
    assert refunded(placed) == (PaymentStatus.REFUNDED, "succeeded", 1, 1)


def test_a_refund_under_way_is_found_refused() -> None:
    gateway = SlowGateway()
    placed, refund = late(gateway)
    execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER)

    gateway.ends(placed, RefundState.FAILED, "no account")

    assert reconcile_refunds(gateway=gateway, now=LATER) == 1
    assert refunded(placed) == (PaymentStatus.REFUNDING, "failed", 0, 0)
    assert placed.flag == "refund failed: no account"


def test_the_providers_own_notice_and_our_answer_tell_of_the_money_once() -> None:
    gateway = SlowGateway()
    placed, refund = late(gateway)
    execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER)
    gateway.ends(placed, RefundState.SUCCEEDED)

    assert settle(placed, gateway) == Outcome.CANCELLED  # the webhook
    reconcile_refunds(gateway=gateway, now=LATER)
    assert execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER) == RefundState.SUCCEEDED

    assert refunded(placed) == (PaymentStatus.REFUNDED, "succeeded", 1, 1)


def test_a_refund_that_failed_waits_for_staff_however_often_the_page_is_visited() -> None:
    gateway = SlowGateway()
    placed, refund = late(gateway)
    execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER)
    gateway.ends(placed, RefundState.FAILED, "no account")
    reconcile_refunds(gateway=gateway, now=LATER)

    for _ in range(3):
        assert settle(placed, gateway) == Outcome.REFUNDING

    assert Refund.objects.count() == len(gateway.refunded) == 1
    assert placed.flag == "refund failed: no account"
    assert execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER) == RefundState.PENDING
    assert len(gateway.refunded) == 2


def test_a_failed_refund_that_staff_made_at_the_console_has_arrived() -> None:
    gateway = SlowGateway()
    placed, refund = late(gateway)
    execute_refund(refund_id=refund.pk, gateway=gateway, now=LATER)
    gateway.ends(placed, RefundState.FAILED, "no account")
    reconcile_refunds(gateway=gateway, now=LATER)
    gateway.ends(placed, RefundState.SUCCEEDED)

    assert settle(placed, gateway) == Outcome.CANCELLED

    assert refunded(placed) == (PaymentStatus.REFUNDED, "succeeded", 1, 1)


def test_a_new_channel_key_does_not_give_the_money_of_older_orders_back(settings: Any) -> None:
    placed, gateway = order(), FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    assert settle(placed, gateway) == Outcome.PAID

    settings.PORTONE_CHANNEL_KEY = "channel-key-of-the-new-contract"

    assert settle(placed, gateway) == Outcome.SUSPICIOUS
    assert (placed.status, placed.payment_status) == (Status.PAID, PaymentStatus.PAID)
    assert placed.flag.startswith("payment mismatch: channel: ")
    assert not Refund.objects.exists()
    assert shelf() == (3, 0)


def test_money_that_does_not_match_and_comes_late_is_seen_to_go_back() -> None:
    placed, gateway = order(), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, total=5_100)

    assert settle(placed, gateway) == Outcome.REFUNDING

    assert (placed.status, placed.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDING)
    assert Refund.objects.get().amount == 5_100


@pytest.mark.parametrize(("after", "found"), [(DAY, 1), (6 * DAY, 1), (8 * DAY, 0)])
def test_a_deposit_after_the_end_is_found_though_its_webhook_was_lost(after: timedelta, found: int) -> None:
    placed, gateway = order(), FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)
    gateway.says(placed, PaymentState.PAID, at=LATER + DAY)

    asked = reconcile_payments(gateway=gateway, now=LATER + after, older_than=MINUTE)

    assert asked == Refund.objects.count() == found


def test_ended_orders_are_asked_about_a_few_times_a_day_only() -> None:
    order()
    gateway = FakeGateway()
    expire_unpaid_orders(gateway=gateway, now=LATER)

    hours = [
        reconcile_payments(gateway=gateway, now=LATER + timedelta(hours=hour), older_than=MINUTE)
        for hour in range(13)
    ]

    assert hours == [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]


def test_every_payment_gets_its_turn_whatever_the_others_answer() -> None:
    product(units=10)
    orders = [place(cart(("CUP", 1)), total=27_000, now=NOW + n * MINUTE) for n in range(4)]
    gateway = FakeGateway()
    gateway.says(
        orders[0], PaymentState.AWAITING_DEPOSIT, account={}
    )  # the second is unknown to the provider
    gateway.says(orders[3], PaymentState.PAID)

    for turn in range(4):
        reconcile_payments(gateway=gateway, now=NOW + (10 + turn) * MINUTE, older_than=MINUTE, limit=1)

    orders[3].refresh_from_db()
    assert orders[3].status == Status.PAID


class BrokenGateway(FakeGateway):
    """A provider of which one answer breaks us."""

    broken = ""

    def fetch(self, *, payment_id: str) -> GatewayPayment:
        """Answer, or break."""
        if payment_id == self.broken:
            raise RuntimeError("an answer nobody thought of")
        return super().fetch(payment_id=payment_id)


def test_one_broken_order_keeps_no_other_from_ending_or_being_paid() -> None:
    product(units=10)
    broken, paid, unpaid = (place(cart(("CUP", 1)), total=27_000, now=NOW + n * MINUTE) for n in range(3))
    gateway = BrokenGateway()
    gateway.broken = broken.payment.payment_id
    gateway.says(paid, PaymentState.PAID)

    assert reconcile_payments(gateway=gateway, now=NOW + 5 * MINUTE, older_than=MINUTE) == 2
    assert expire_unpaid_orders(gateway=gateway, now=LATER + DAY) == 1

    statuses = [Order.objects.get(pk=one.pk).status for one in (broken, paid, unpaid)]
    assert statuses == [Status.PLACED, Status.PAID, Status.CANCELLED]
