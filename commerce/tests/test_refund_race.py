"""Two people, a worker and the provider's console at the same moment: real threads on real connections."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from commerce.checkout import paybacks, refund_parts, refunding
from commerce.checkout.settling import settle_payment
from commerce.orders import balance
from commerce.orders.models import Order
from commerce.payments import refunds
from commerce.payments.gateway import GatewayRefund
from commerce.payments.models import Payment, Refund
from commerce.tests.factories import LATER, NOW, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.refunding import give_back, paid
from commerce.tests.test_stock_race import at_once

pytestmark = pytest.mark.usefixtures("committed")


def names(results: list[Any]) -> list[str]:
    """Return what came of each, sorted."""
    return sorted(type(result).__name__ for result in results)


def test_two_people_refund_the_same_cups_and_one_is_refused() -> None:
    placed = paid(FakeGateway())

    results = at_once([lambda cause=cause: give_back(placed, units=2, cause=cause) for cause in "ab"])

    assert names(results) == ["MoreThanOrdered", "Refund"]
    assert Refund.objects.get().amount == 51_000
    assert shelf() == (5, 0)
    assert list(balance.out_of_balance()) == []


def test_two_people_refund_one_cup_each_and_both_are_right() -> None:
    placed = paid(FakeGateway())

    results = at_once([lambda cause=cause: give_back(placed, units=1, cause=cause) for cause in "ab"])

    assert sorted(refund.amount for refund in results) == [24_000, 27_000]
    assert shelf() == (5, 0)
    assert list(balance.out_of_balance()) == []


def test_one_cause_asked_eight_times_at_once_is_one_refund() -> None:
    placed = paid(FakeGateway())

    results = at_once([lambda: give_back(placed, units=1, cause="claim:7")] * 8)

    assert {getattr(refund, "pk", refund) for refund in results} == {Refund.objects.get().pk}
    assert shelf() == (4, 0)


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read order and payment without locking them, and let both read before either writes."""
    both_have_read = threading.Barrier(2)

    def read(*, order_id: int) -> tuple[Order, Payment]:
        order = Order.objects.get(pk=order_id)
        return order, Payment.objects.get(order=order)

    given_of = refund_parts.given_of
    monkeypatch.setattr(refunds, "left", lambda *, payment: payment.received)

    def then_wait(*, payment: Payment) -> Any:
        given = given_of(payment=payment)
        both_have_read.wait(timeout=30)
        return given

    monkeypatch.setattr(refunding, "lock", read)
    monkeypatch.setattr(refund_parts, "given_of", then_wait)


@pytest.fixture
def unguarded() -> Iterator[None]:
    """Take the check of refunds off for one test."""
    with connection.cursor() as cursor:
        for table in ("refund", "refundline", "payment"):
            cursor.execute(f"ALTER TABLE commerce_{table} DISABLE TRIGGER commerce_{table}_balances")
    yield
    with connection.cursor() as cursor:
        for table in ("refund", "refundline", "payment"):
            cursor.execute(f"ALTER TABLE commerce_{table} ENABLE TRIGGER commerce_{table}_balances")


def test_twin_without_the_lock_the_same_cup_is_refunded_twice(unlocked: None, unguarded: None) -> None:
    """Both see two cups that nobody refunded yet; with the lock the second one is refused."""
    placed = paid(FakeGateway(), sent=True)

    results = at_once([lambda cause=cause: _two_cups(placed, cause) for cause in "ab"])

    assert names(results) == ["Refund", "Refund"]
    assert sum(part.quantity for part in placed.lines.get().refunds.all()) == 4
    assert [problems for _order, problems in balance.out_of_balance()]


def test_the_trigger_alone_lets_no_cup_be_refunded_twice(unlocked: None) -> None:
    placed = paid(FakeGateway(), sent=True)

    results = at_once([lambda cause=cause: _two_cups(placed, cause) for cause in "ab"])

    assert names(results) == ["IntegrityError", "Refund"]
    assert sum(part.quantity for part in placed.lines.get().refunds.all()) == 2
    assert list(balance.out_of_balance()) == []


def _two_cups(placed: Order, cause: str) -> Refund:
    """Refund both cups after dispatch, so that neither order nor stock makes the two wait for each other."""
    return give_back(placed, units=2, cause=cause, restock=False)


class MeetingGateway(FakeGateway):
    """A provider that answers two workers only when both have read the payment."""

    def __init__(self) -> None:
        super().__init__()
        self.both_have_read = threading.Barrier(2)
        self.wait = False

    def fetch(self, **which: Any) -> Any:
        """Answer both at once."""
        found = super().fetch(**which)
        if self.wait:
            self.both_have_read.wait(timeout=30)
        return found


def test_two_workers_pay_a_refund_once() -> None:
    gateway = MeetingGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    gateway.wait = True

    results = at_once(
        [lambda: paybacks.execute_refund(refund_id=refund.pk, gateway=gateway, now=NOW) for _ in range(2)]
    )

    assert sorted(results) in (["pending", "succeeded"], ["succeeded", "succeeded"])
    assert gateway.refunded == [(placed.payment.payment_id, 24_000)]


class CarelessGateway(MeetingGateway):
    """A provider that does not compare what is left."""

    def refund(self, **wish: Any) -> GatewayRefund:
        """Pay whatever is asked."""
        self.refunded.append((wish["payment_id"], wish["amount"]))
        return self._cancel(wish["payment_id"], wish["amount"], wish["reason"])


def test_the_mark_of_asking_alone_pays_once_at_a_careless_provider() -> None:
    gateway = CarelessGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    gateway.wait = True

    at_once([lambda: paybacks.execute_refund(refund_id=refund.pk, gateway=gateway, now=NOW)] * 2)

    assert len(gateway.refunded) == 1


def test_twin_without_the_mark_of_asking_a_careless_provider_pays_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gateway = CarelessGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    gateway.wait = True
    monkeypatch.setattr(paybacks, "_under_way", lambda refund, *, now: False)
    both_prepared = threading.Barrier(2)
    ask = paybacks._ask

    def together(*what: Any) -> GatewayRefund:
        both_prepared.wait(timeout=30)
        return ask(*what)

    monkeypatch.setattr(paybacks, "_ask", together)

    at_once([lambda: paybacks.execute_refund(refund_id=refund.pk, gateway=gateway, now=NOW)] * 2)

    assert len(gateway.refunded) == 2


def test_our_refund_and_a_cancel_at_the_console_at_once_add_up() -> None:
    gateway = FakeGateway()
    placed = paid(gateway)
    refund = give_back(placed, units=1)
    gateway.console(placed, 27_000)

    results = at_once(
        [
            lambda: paybacks.execute_refund(refund_id=refund.pk, gateway=gateway, now=NOW),
            lambda: settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=LATER),
        ]
        * 2
    )

    assert not [result for result in results if isinstance(result, Exception)], results
    settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=LATER)
    assert gateway.refunded == [(placed.payment.payment_id, 24_000)]
    assert list(Refund.objects.order_by("pk").values_list("kind", "amount", "state")) == [
        ("ours", 24_000, "succeeded"),
        ("external", 27_000, "succeeded"),
    ]
    assert Payment.objects.get().cancelled_amount == 51_000
    assert list(balance.out_of_balance()) == []
