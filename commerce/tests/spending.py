"""Orders that points pay for, in tests: placed, paid, refunded."""

from typing import Any

from commerce.catalog.models import Variant
from commerce.checkout import paybacks, refunding
from commerce.checkout.settling import settle_payment
from commerce.orders.models import Order
from commerce.orders.refund_math import Fault, Wish
from commerce.payments.models import Refund
from commerce.payments.states import PaymentState, Requester
from commerce.points import paying
from commerce.tests.factories import NOW, cart, place, product
from commerce.tests.fakes import FakeGateway


def buy(user, *, points: int, quantity: int = 2, price: int = 24_000, total: int | None = None) -> Order:
    """Place an order of cups with points."""
    if not Variant.objects.exists():
        product(price=price)
    goods = quantity * price
    whole = goods + (0 if goods >= 50_000 else 3_000)
    shown = whole - points if total is None else total
    return place(cart(("CUP", quantity)), total=shown, customer_id=user.pk, points=points)


def paid(order: Order, gateway: FakeGateway) -> Order:
    """Let the money of an order come."""
    gateway.says(order, PaymentState.PAID)
    settle_payment(payment_id=order.payment.payment_id, gateway=gateway, now=NOW)
    order.refresh_from_db()
    return order


def refund(order: Order, units: int, *, fault: Fault = Fault.SHOP, cause: str = "x", **more: Any) -> Refund:
    """Refund so many units of an order's one line."""
    wish = Wish(quantities={order.lines.get().pk: units} if units else {}, fault=fault)
    return refunding.refund_order(
        order_id=order.pk,
        wish=wish,
        cause=cause,
        reason="r",
        requester=Requester.STAFF,
        restock=True,
        now=NOW,
        **more,
    )


def back(order: Order, now=NOW) -> int:
    """Give back the points of an order that is off; return how many."""
    return paying.give_back(order_id=order.pk, days=30, now=now)


def done(row: Refund, gateway: FakeGateway) -> None:
    """Let a refund's money go back."""
    paybacks.execute_refund(refund_id=row.pk, gateway=gateway, now=NOW)
