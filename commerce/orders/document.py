"""The order document (거래명세서): who sold what to whom for how much, with supply value and VAT in columns.

It is no tax invoice; a card slip or a cash receipt proves the payment for taxes.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from commerce.catalog.shapes import DEFAULT_LANGUAGE
from commerce.orders.models import Order, OrderLine
from commerce.payments import methods
from commerce.payments.models import Payment
from commerce.payments.states import ReceiptState, RefundState


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of sums in won; `line` is None for delivery and discount."""

    line: OrderLine | None
    total: int
    vat: int

    @property
    def supply(self) -> int:
        """Return the value without VAT."""
        return self.total - self.vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The document's sums; the rows add up to the last one exactly."""

    lines: list[Row]
    rest: Row  # delivery less discount: together they bear what VAT the lines do not
    whole: Row
    paid_at: datetime | None
    paid_with: str
    back: Row | None  # what was given back, as negative sums; None when nothing was
    kept: Row | None  # what is left after it
    receipt: str  # the number of the cash receipt that stands


def of(*, order: Order) -> Document:
    """Return an order's document."""
    lines = [Row(line=line, total=line.total, vat=line.vat) for line in order.lines.all()]
    rest = order.shipping_total - order.discount_total
    payment = getattr(order, "payment", None)
    whole = Row(line=None, total=order.total, vat=order.vat)
    back = _back(payment) if payment else None
    return Document(
        lines=lines,
        rest=Row(line=None, total=rest, vat=order.vat - sum(row.vat for row in lines)),
        whole=whole,
        paid_at=order.paid_at,
        paid_with=_paid_with(payment) if payment and order.paid_at else "",
        back=back,
        kept=Row(line=None, total=whole.total + back.total, vat=whole.vat + back.vat) if back else None,
        receipt=_receipt(payment) if payment else "",
    )


def _paid_with(payment: Payment) -> str:
    return methods.paid_with(detail=payment.method_detail, language=get_language() or DEFAULT_LANGUAGE)


def _back(payment: Payment) -> Row | None:
    done = [row for row in payment.refunds.all() if row.state == RefundState.SUCCEEDED]
    if not done:
        return None
    return Row(line=None, total=-sum(row.amount for row in done), vat=-sum(row.vat for row in done))


def _receipt(payment: Payment) -> str:
    receipt = getattr(payment, "receipt", None)
    return receipt.issue_number if receipt and receipt.state == ReceiptState.ISSUED else ""
