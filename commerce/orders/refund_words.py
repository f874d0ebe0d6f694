"""What a refund is made of, in words for whoever reads it: shopper, staff or a mail."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from commerce.money import amounts
from commerce.payments.models import Refund


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the sum."""

    label: str
    amount: str


def parts(*, refund: Refund, language: str) -> list[Part]:
    """Return the rows that add up to a refund: goods line by line, delivery, a price cut, what was deducted."""
    with translation.override(language):
        rows = [
            (f"{line.order_line.title} × {line.quantity}", line.amount)
            for line in refund.lines.select_related("order_line").order_by("order_line_id")
        ]
        rows.append((_("Delivery"), refund.shipping_amount))
        label = _("Price reduction") if refund.kind == "ours" else _("Sum given back")
        rows.append((label, refund.goodwill_amount))
        rows.append((_("Delivery costs deducted"), -refund.fee))
        return [Part(label, amounts.show(won, language=language)) for label, won in rows if won]
