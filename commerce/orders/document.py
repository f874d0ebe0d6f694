"""The order document (거래명세서): who sold what to whom for how much, with supply value and VAT in columns.

It is no tax invoice; a card slip or a cash receipt proves the payment for taxes.
"""

from dataclasses import dataclass
from datetime import datetime

from commerce.orders.models import Order, OrderLine


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


def of(*, order: Order) -> Document:
    """Return an order's document."""
    lines = [Row(line=line, total=line.total, vat=line.vat) for line in order.lines.all()]
    rest = order.shipping_total - order.discount_total
    payment = getattr(order, "payment", None)
    return Document(
        lines=lines,
        rest=Row(line=None, total=rest, vat=order.vat - sum(row.vat for row in lines)),
        whole=Row(line=None, total=order.total, vat=order.vat),
        paid_at=order.paid_at,
        paid_with=payment.method_detail if payment and order.paid_at else "",
    )
