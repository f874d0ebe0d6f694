"""Orders with cash receipts."""

from typing import Any

from commerce.checkout import receipting
from commerce.orders.models import Order
from commerce.payments import receipts
from commerce.payments.models import CashReceipt
from commerce.payments.states import PaymentState, ReceiptKind, ReceiptState
from commerce.tests.factories import NOW, order
from commerce.tests.fakes import FakeGateway
from commerce.tests.refunding import settle

PHONE = receipts.Wish(kind=ReceiptKind.PERSONAL, number="01099998888")
FIRM = receipts.Wish(kind=ReceiptKind.CORPORATE, number="1208147521")


def paid(gateway: FakeGateway, *, method: str = "TRANSFER", **how: Any) -> Order:
    """Return a paid order; two cups for 48,000 won and 3,000 won delivery unless told otherwise."""
    placed = order(method=method, **how)
    gateway.says(placed, PaymentState.PAID)
    settle(placed, gateway)
    return placed


def receipt(placed: Order, gateway: FakeGateway, *, now: Any = NOW) -> ReceiptState | None:
    return receipting.settle_receipt(order_id=placed.pk, gateway=gateway, now=now)


def wanted(placed: Order) -> list[tuple[str, str, bool]]:
    rows = CashReceipt.objects.filter(payment__order=placed)
    return list(rows.values_list("kind", "number", "own_phone"))
