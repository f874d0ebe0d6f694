"""Paid orders whose money goes back, and what tests look at afterwards."""

from typing import Any

from commerce.checkout.paybacks import execute_refund
from commerce.checkout.refunding import refund_order
from commerce.checkout.settling import Outcome, settle_payment
from commerce.events.models import OutboxEvent
from commerce.orders import balance
from commerce.orders.models import Order
from commerce.orders.refund_math import Wish
from commerce.payments.models import Payment, Refund, RefundLine
from commerce.payments.states import PaymentState, RefundState, Requester
from commerce.tests.factories import LATER, NOW, order, shelf
from commerce.tests.fakes import FakeGateway
from commerce.tests.parcels import send

DEPOSIT = {"bank": "SHINHAN", "number": "56211905874893", "holder": "마루"}


def paid(gateway: FakeGateway, *, sent: bool = False, deposit: bool = False, **how: Any) -> Order:
    """Return a paid order of two cups for 48,000 won and delivery for 3,000 won; five cups were there."""
    placed = order(quantity=2, price=24_000, units=5, **how)
    gateway.says(placed, PaymentState.PAID, account=DEPOSIT if deposit else {})
    assert settle(placed, gateway) == Outcome.PAID
    if sent:
        send(placed)
        placed.refresh_from_db()
    return placed


def settle(placed: Order, gateway: FakeGateway) -> Outcome:
    """Settle and read the order again."""
    outcome = settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=LATER)
    placed.refresh_from_db()
    placed.payment.refresh_from_db()
    return outcome


def give_back(placed: Order, *, units: int = 0, cause: str = "test", **how: Any) -> Refund:
    """Ask for a refund of so many cups."""
    wish = {"quantities": {placed.lines.get().pk: units}} if units else {}
    wish |= {key: how.pop(key) for key in ("fault", "goodwill", "shipping", "fee") if key in how}
    arguments: dict[str, Any] = {
        "order_id": placed.pk,
        "wish": Wish(**wish),
        "cause": cause,
        "reason": "change of mind",
        "requester": Requester.STAFF,
        "restock": True,
        "now": NOW,
    }
    return refund_order(**arguments | how)


def pay(refund: Refund, gateway: FakeGateway, *, now: Any = NOW) -> RefundState:
    """Pay a refund and read it again."""
    state = execute_refund(refund_id=refund.pk, gateway=gateway, now=now)
    refund.refresh_from_db()
    return state


def balanced(placed: Order) -> list[str]:
    """Return what is wrong with the order's sums."""
    return list(balance.wrong(order=Order.objects.select_related("payment").get(pk=placed.pk)))


def facts() -> list[str]:
    """Return the names of the facts about refunds and orders, in order."""
    along = ["customer.consented", "payment.changed", "order.flagged", "order.cleared"]
    rows = OutboxEvent.objects.filter(aggregate_type="order").exclude(type__in=along)
    return list(rows.order_by("pk").values_list("type", flat=True))


def everything() -> tuple[Any, ...]:
    """Return all that a refusal must leave alone."""
    return (
        list(Order.objects.values()),
        list(Payment.objects.values()),
        list(Refund.objects.values()),
        list(RefundLine.objects.values()),
        OutboxEvent.objects.count(),
        shelf(),
    )
