"""The rows that add up to what would go back, as a shopper reads them."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commerce.money import amounts
from commerce.orders.models import Order
from commerce.orders.refund_math import Proposal
from commerce.orders.refund_words import Part


def parts(*, order: Order, proposal: Proposal) -> list[Part]:
    """Return goods line by line, delivery, and what is deducted, in the reader's language; then points."""
    titles = {line.pk: line.title for line in order.lines.all()}
    rows = [(f"{titles[share.line_id]} × {share.quantity}", share.amount) for share in proposal.shares]
    rows.append((_("Delivery"), proposal.shipping))
    rows.append((_("Delivery costs deducted"), -proposal.fee))
    rows.append((_("of it from your points"), proposal.from_points))
    rows.append((_("Points that come back besides"), proposal.points))
    language = get_language() or "ko"
    return [Part(label, amounts.show(won, language=language)) for label, won in rows if won]
