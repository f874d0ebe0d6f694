"""Manual approval: the goods first, then the money; and deposits that are followed up."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from commerce.checkout import closing, confirming, reminding
from commerce.checkout.settling import settle_payment
from commerce.events.models import OutboxEvent
from commerce.inventory import stock
from commerce.orders.models import Order
from commerce.payments.gateway import GatewayPayment, GatewayTrouble
from commerce.payments.states import PaymentState
from commerce.tests.factories import NOW, on_shelf, order, promises, shelf
from commerce.tests.fakes import FakeGateway

pytestmark = pytest.mark.django_db


def confirm(placed: Order, gateway, *, now=NOW) -> bool:
    return confirming.confirm_payment(
        order_id=placed.pk, payment_token="token", transaction_id="tx-1", gateway=gateway, now=now
    )


def test_the_goods_are_held_and_then_the_money_moves(gateway):
    placed = order(quantity=2)

    assert confirm(placed, gateway)

    assert gateway.confirmed == [(placed.payment.payment_id, "token", "tx-1", placed.total)]
    assert promises(placed.number) == [("CUP", 2, "held")]


def test_a_promise_that_was_given_back_is_asked_for_again_before_the_money_moves(gateway):
    placed = order(quantity=2, units=5)
    stock.release(reference=placed.number, now=NOW)

    assert confirm(placed, gateway)

    assert shelf() == (5, 2)


def test_who_cannot_get_the_goods_is_never_charged(gateway):
    placed = order(quantity=2, units=2)
    stock.release(reference=placed.number, now=NOW)
    on_shelf(placed.lines.get().variant, 1)

    assert not confirm(placed, gateway)

    placed.refresh_from_db()
    assert gateway.confirmed == []
    assert (placed.status, placed.payment_status) == ("cancelled", "void")
    assert shelf() == (1, 0)


def test_a_closed_order_is_not_charged(gateway):
    placed = order()
    closing.expire_unpaid_orders(gateway=gateway, now=NOW + timedelta(days=1))

    assert not confirm(placed, gateway)
    assert gateway.confirmed == []


def test_an_order_does_not_expire_while_its_payment_is_confirmed(gateway):
    placed = order()
    last_minute = placed.pay_until - timedelta(minutes=1)

    confirm(placed, gateway, now=last_minute)
    closing.expire_unpaid_orders(gateway=gateway, now=last_minute + timedelta(minutes=5))

    placed.refresh_from_db()
    assert placed.status == "placed"
    assert placed.pay_until == last_minute + timedelta(minutes=10)


def test_a_silent_provider_leaves_the_goods_held(gateway):
    placed = order()
    gateway.down = True

    with pytest.raises(GatewayTrouble):
        confirm(placed, gateway)
    assert promises(placed.number) == [("CUP", 2, "held")]


def test_the_way_back_confirms_with_the_token_of_the_window(client, gateway, noon):
    placed = order()

    client.get(reverse("payment-return", args=[placed.token]), {"paymentToken": "abc", "txId": "tx-9"})
    client.get(reverse("payment-return", args=[placed.token]))

    assert gateway.confirmed == [(placed.payment.payment_id, "abc", "tx-9", placed.total)]


class Crossing(FakeGateway):
    """A provider that is asked by a cancel, and while its answer is on the way the shopper's payment is confirmed."""

    meanwhile: Callable[[], object] | None = None

    def fetch(self, *, payment_id: str) -> GatewayPayment:
        """Answer with what was true before."""
        answer = super().fetch(payment_id=payment_id)
        act, self.meanwhile = self.meanwhile, None
        if act:
            act()
        return answer


def crossed() -> tuple[Order, Crossing]:
    """Return an order whose cancel asks the provider just before its payment is confirmed."""
    gateway, placed = Crossing(), order()
    token = gateway.authenticate(placed)
    gateway.meanwhile = lambda: confirming.confirm_payment(
        order_id=placed.pk, payment_token=token, transaction_id="tx-1", gateway=gateway, now=NOW
    )
    return placed, gateway


def cancel(placed: Order, gateway, *, now=NOW) -> None:
    closing.cancel_unpaid(order_id=placed.pk, reason="cancelled by the shop", gateway=gateway, now=now)


def charged(placed: Order, gateway) -> bool:
    return gateway.payments[placed.payment.payment_id].state == PaymentState.PAID


def test_a_cancel_that_crosses_an_approval_is_refused_and_the_order_is_paid():
    placed, gateway = crossed()

    with pytest.raises(closing.BeingConfirmed) as refusal:
        cancel(placed, gateway)

    placed.refresh_from_db()
    assert (placed.status, refusal.value.until) == ("placed", NOW + timedelta(minutes=10))
    assert charged(placed, gateway)
    settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=NOW)
    placed.refresh_from_db()
    assert (placed.status, shelf()) == ("paid", (3, 0))


def test_without_looking_at_the_approval_a_cancelled_order_is_charged(monkeypatch):
    """The twin: what the refusal prevents."""
    monkeypatch.setattr(closing, "_refuse_while_confirming", lambda order, *, now: None)
    placed, gateway = crossed()

    cancel(placed, gateway)

    placed.refresh_from_db()
    assert placed.status == "cancelled"
    assert charged(placed, gateway)


def test_an_approval_that_crosses_a_cancel_is_refused_and_nobody_is_charged(gateway):
    """The cancel has the order first; the window's token comes after it."""
    placed = order()
    token = gateway.authenticate(placed)
    cancel(placed, gateway)

    assert not confirming.confirm_payment(
        order_id=placed.pk, payment_token=token, transaction_id="tx-1", gateway=gateway, now=NOW
    )

    assert (gateway.confirmed, charged(placed, gateway)) == ([], False)
    assert shelf() == (5, 0)


def test_what_came_to_nothing_can_be_cancelled_after_ten_minutes(gateway):
    placed = order()
    confirm(placed, gateway)  # with a token that the provider does not know

    with pytest.raises(closing.BeingConfirmed):
        cancel(placed, gateway, now=NOW + timedelta(minutes=9))
    cancel(placed, gateway, now=NOW + timedelta(minutes=10))

    placed.refresh_from_db()
    assert placed.status == "cancelled"


def awaiting_deposit(gateway) -> Order:
    placed = order(method="VIRTUAL_ACCOUNT")
    until = (NOW + timedelta(hours=24)).isoformat()
    gateway.says(
        placed,
        PaymentState.AWAITING_DEPOSIT,
        account={"bank": "SHINHAN", "number": "5621190587", "holder": "마루", "until": until},
    )
    settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=NOW)
    placed.refresh_from_db()
    return placed


def reminders() -> int:
    return OutboxEvent.objects.filter(type="order.deposit_due_soon").count()


def test_a_deposit_is_reminded_of_once_in_its_last_hours(gateway):
    placed = awaiting_deposit(gateway)

    assert reminding.remind_of_deposits(now=NOW + timedelta(hours=17)) == 0
    assert reminding.remind_of_deposits(now=NOW + timedelta(hours=18)) == 1
    assert reminding.remind_of_deposits(now=NOW + timedelta(hours=19)) == 0

    assert reminders() == 1
    assert placed.timeline.filter(kind="deposit_reminded").count() == 1


def test_a_deposit_that_came_is_not_reminded_of(gateway):
    placed = awaiting_deposit(gateway)
    gateway.says(placed, PaymentState.PAID, at=NOW + timedelta(hours=1))
    settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=NOW + timedelta(hours=1))

    assert reminding.remind_of_deposits(now=NOW + timedelta(hours=20)) == 0
    assert reminders() == 0


def test_a_deposit_whose_time_is_over_is_not_reminded_of(gateway):
    awaiting_deposit(gateway)

    assert reminding.remind_of_deposits(now=NOW + timedelta(hours=25)) == 0
