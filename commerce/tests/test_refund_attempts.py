"""Answers that are lost, refused or changed meanwhile: PortOne pays each refund once."""

from datetime import timedelta
from typing import Any

import pytest

from commerce.checkout import paybacks
from commerce.checkout.paybacks import PATIENCE, reconcile_refunds
from commerce.checkout.refunding import abandon
from commerce.orders.refund_math import Fault
from commerce.orders.states import PaymentStatus
from commerce.payments import refund_matching
from commerce.payments.gateway import (
    GatewayRefund,
    GatewayTrouble,
    GatewayUnreachable,
    LeftChanged,
)
from commerce.payments.models import Payment, Refund
from commerce.payments.states import RefundState
from commerce.tests.factories import NOW
from commerce.tests.fakes import FakeGateway
from commerce.tests.refunding import balanced, facts, give_back, paid, pay
from commerce.tests.test_reconciling import SlowGateway

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


class LosingGateway(FakeGateway):
    """A provider that does what it is asked, but whose first answers are lost."""

    lost = 1

    def refund(self, **wish: Any) -> GatewayRefund:
        """Do it; sometimes nobody hears of it."""
        answer = super().refund(**wish)
        if self.lost > 0:
            self.lost -= 1
            raise GatewayTrouble("ReadTimeout")
        return answer


def test_a_lost_answer_leaves_the_refund_pending_and_is_read_later() -> None:
    gateway = LosingGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)

    assert pay(refund, gateway) == RefundState.PENDING
    placed.refresh_from_db()
    assert (placed.payment_status, facts().count("refund.completed")) == (PaymentStatus.PARTLY_REFUNDED, 0)

    assert reconcile_refunds(gateway=gateway, now=NOW) == 1

    refund.refresh_from_db()
    assert (refund.state, refund.cancellation_id) == ("succeeded", "cancel-1")
    assert gateway.refunded == [(placed.payment.payment_id, 24_000)]
    assert facts().count("refund.completed") == 1
    assert balanced(placed) == []


def test_two_equal_refunds_of_which_one_answer_was_lost_are_each_paid_once() -> None:
    gateway = LosingGateway()
    placed = paid(gateway)
    first = give_back(placed, goodwill=5_000, cause="one")
    second = give_back(placed, goodwill=5_000, cause="two")

    assert pay(first, gateway) == RefundState.PENDING
    assert pay(second, gateway) == RefundState.SUCCEEDED
    for _ in range(3):
        pay(first, gateway)
        pay(second, gateway)
        reconcile_refunds(gateway=gateway, now=NOW + 2 * PATIENCE)

    first.refresh_from_db()
    assert (first.state, first.cancellation_id) == ("succeeded", "cancel-1")
    assert (second.state, second.cancellation_id) == ("succeeded", "cancel-2")
    assert len(gateway.refunded) == 2
    assert Payment.objects.get().cancelled_amount == 10_000
    assert balanced(placed) == []


def test_twin_without_the_mark_an_equal_refund_is_taken_for_the_lost_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By its amount alone the second refund is found in the first one's cancellation, and never paid."""
    gateway = LosingGateway()
    placed = paid(gateway)
    first = give_back(placed, goodwill=5_000, cause="one")
    second = give_back(placed, goodwill=5_000, cause="two")

    def by_amount(*, rows: list[Refund], one: GatewayRefund) -> Refund | None:
        return next((row for row in reversed(rows) if row.amount == one.amount), None)

    monkeypatch.setattr(refund_matching, "ours", by_amount)
    pay(first, gateway)
    pay(second, gateway)

    assert second.state == "succeeded"
    assert len(gateway.refunded) == 1


class ForgetfulGateway(LosingGateway):
    """A provider that never got what we sent, though we cannot know."""

    def refund(self, **wish: Any) -> GatewayRefund:
        """Time out before anything is done, once."""
        if self.lost > 0:
            self.lost -= 1
            raise GatewayTrouble("ReadTimeout")
        return super().refund(**wish)


def test_what_was_never_done_is_asked_for_again_but_not_at_once() -> None:
    gateway = ForgetfulGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)

    assert pay(refund, gateway) == RefundState.PENDING
    assert pay(refund, gateway, now=NOW + PATIENCE - SECOND) == RefundState.PENDING
    assert gateway.refunded == []
    assert pay(refund, gateway, now=NOW + PATIENCE) == RefundState.SUCCEEDED

    assert (len(gateway.refunded), refund.attempts) == (1, 2)


def test_a_provider_that_was_not_reached_is_asked_again_at_once() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)

    class Away(FakeGateway):
        def refund(self, **wish: Any) -> GatewayRefund:
            raise GatewayUnreachable("ConnectError")

    away = Away()
    away.payments = gateway.payments
    with pytest.raises(GatewayUnreachable):
        pay(refund, away)
    refund.refresh_from_db()
    assert (refund.state, refund.asked_at) == ("requested", None)

    assert pay(refund, gateway) == RefundState.SUCCEEDED


class ChangingGateway(FakeGateway):
    """A provider at whose console somebody cancels a part just before our own refund comes."""

    quicker = 0

    def refund(self, **wish: Any) -> GatewayRefund:
        """Let the console be quicker, once."""
        if self.quicker:
            self._cancel(wish["payment_id"], self.quicker, "콘솔에서 취소")
            self.quicker = 0
        return super().refund(**wish)


def test_when_what_is_left_has_changed_it_is_read_again() -> None:
    gateway = ChangingGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    gateway.quicker = 1_000

    assert pay(refund, gateway) == RefundState.SUCCEEDED

    placed.refresh_from_db()
    assert gateway.refunded == [(placed.payment.payment_id, 24_000)]
    assert list(Refund.objects.order_by("pk").values_list("kind", "amount", "state")) == [
        ("ours", 24_000, "succeeded"),
        ("external", 1_000, "succeeded"),
    ]
    assert placed.flag == "partly refunded at the provider"
    assert balanced(placed) == []


def test_a_provider_that_always_says_something_else_is_not_asked_for_ever() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    asked: list[int] = []

    class Never(FakeGateway):
        def refund(self, **wish: Any) -> GatewayRefund:
            asked.append(wish["cancellable"])
            raise LeftChanged("CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN")

    never = Never()
    never.payments = gateway.payments
    with pytest.raises(GatewayTrouble, match="keeps changing"):
        pay(refund, never)

    refund.refresh_from_db()
    assert asked == [51_000] * 3
    assert refund.state == "requested"


def test_a_refused_refund_is_flagged_and_tried_again_by_staff_only() -> None:
    gateway = SlowGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    pay(refund, gateway)
    gateway.ends(placed, RefundState.FAILED, "card closed")

    assert reconcile_refunds(gateway=gateway, now=NOW) == 1
    assert reconcile_refunds(gateway=gateway, now=NOW) == 0

    placed.refresh_from_db()
    assert placed.flag == "refund failed: card closed"
    assert (
        pay(refund, gateway) == RefundState.PENDING
    )  # the old refusal in the list is not taken for the new one
    assert (refund.attempts, refund.cancellation_id) == (2, "cancel-2")


def test_a_refund_that_waits_at_the_provider_does_not_keep_the_next_one_waiting() -> None:
    gateway = SlowGateway()
    placed = paid(gateway)
    first, second = (give_back(placed, goodwill=5_000, cause=cause) for cause in ("one", "two"))

    assert [pay(one, gateway) for one in (first, second)] == [RefundState.PENDING] * 2

    assert [first.cancellation_id, second.cancellation_id] == ["cancel-1", "cancel-2"]


def test_a_given_up_refund_counts_for_nothing() -> None:
    gateway = SlowGateway()
    placed = paid(gateway, sent=True)
    refund = give_back(placed, units=1, fault=Fault.SHOP)
    pay(refund, gateway)
    assert not abandon(refund_id=refund.pk, note="", now=NOW)  # it is under way
    gateway.ends(placed, RefundState.FAILED, "card closed")
    reconcile_refunds(gateway=gateway, now=NOW)

    assert abandon(refund_id=refund.pk, note="paid in cash", now=NOW)

    placed.refresh_from_db()
    assert placed.payment_status == PaymentStatus.PAID
    assert balanced(placed) == []
    assert give_back(placed, units=1, fault=Fault.SHOP, cause="again").goods_amount == 24_000


def test_one_of_ours_that_breaks_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = SlowGateway()
    placed = paid(gateway)
    broken, good = (give_back(placed, goodwill=5_000, cause=cause) for cause in ("one", "two"))
    for one in (broken, good):
        pay(one, gateway)
    gateway.ends(placed, RefundState.FAILED, "card closed")
    real = paybacks.execute_refund

    def sometimes(*, refund_id: int, **how: Any) -> RefundState:
        if refund_id == broken.pk:
            raise RuntimeError("an answer nobody thought of")
        return real(refund_id=refund_id, **how)

    monkeypatch.setattr(paybacks, "execute_refund", sometimes)

    assert reconcile_refunds(gateway=gateway, now=NOW) == 1
