"""The cash receipt of an order in words, for its page and its mails."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commerce.money import amounts
from commerce.payments.models import CashReceipt, Payment
from commerce.payments.states import ReceiptKind, ReceiptState

_STATES: dict[str, str | Promise] = {
    ReceiptState.REQUESTED: _("It is issued as soon as the payment is confirmed."),
    ReceiptState.ISSUED: _("Issued"),
    ReceiptState.CANCELLED: _("Cancelled: the money went back."),
    ReceiptState.FAILED: _("It could not be issued yet. We are looking after it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A cash receipt as the shopper sees it; the number it goes to is masked."""

    kind: str | Promise
    to: str
    state: str | Promise
    amount: str
    issue_number: str
    url: str


def told(*, payment: Payment, language: str) -> Told | None:
    """Return what is said of the cash receipt of a payment; None when there is none."""
    row: CashReceipt | None = getattr(payment, "receipt", None)
    if row is None:
        return None
    stands = row.state == ReceiptState.ISSUED
    return Told(
        kind=ReceiptKind(row.kind).label if row.asked else _("Reported to the tax office without a number"),
        to=masked(row=row) if row.asked else "",
        state=_STATES[row.state],
        amount=amounts.show(row.amount, language=language) if stands else "",
        issue_number=row.issue_number if stands else "",
        url=row.url if stands and row.url.startswith("https://") else "",
    )


def masked(*, row: CashReceipt) -> str:
    """Return the number that a receipt goes to, but for its last four digits."""
    return f"···· {row.last_digits}"
