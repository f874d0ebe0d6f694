"""The cash receipt of a payment, for the order's page, and what staff does with one that failed."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.backoffice import words
from commerce.checkout import receipting
from commerce.checkout.fields import BusinessNumber, MobilePhone
from commerce.orders import receipt_words
from commerce.orders.models import Order
from commerce.payments.gateway import Gateway
from commerce.payments.models import CashReceipt, Payment
from commerce.payments.states import ReceiptState

_TONES = {
    ReceiptState.REQUESTED: "wait",
    ReceiptState.ISSUED: "good",
    ReceiptState.CANCELLED: "mute",
    ReceiptState.FAILED: "bad",
}


class Number(forms.Form):
    """The number that a receipt goes to, where it must be given again."""

    number = forms.CharField(
        label=_("Number"),
        max_length=20,
        required=False,
        help_text=_("Mobile phone or business number. Leave it empty to use the number that is known."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_number(self) -> str:
        """Return the digits of a mobile phone or a business registration number."""
        typed = self.cleaned_data["number"]
        try:
            return MobilePhone(required=False).clean(typed)
        except forms.ValidationError:
            return BusinessNumber(required=False).clean(typed)


def of(*, payment: Payment) -> dict[str, Any] | None:
    """Return what the page says of the receipt; None when there is none."""
    row: CashReceipt | None = getattr(payment, "receipt", None)
    if row is None:
        return None
    facts = [
        (_("For"), row.get_kind_display() if row.asked else _("Issued by the shop unasked")),
        (_("Number"), receipt_words.masked(row=row)),
        (_("Amount"), words.won(row.amount) if row.amount else ""),
        (_("Approval number"), row.issue_number),
        (_("Issued"), words.moment(row.issued_at)),
        (_("Last failure"), row.failure),
    ]
    return {
        "state": row.get_state_display(),
        "tone": _TONES[ReceiptState(row.state)],
        "facts": [(label, value) for label, value in facts if value],
    }


def is_stuck(*, order: Order) -> bool:
    """Return whether the receipt of a paid order does not stand as it must."""
    row: CashReceipt | None = getattr(getattr(order, "payment", None), "receipt", None)
    stuck = row is not None and row.state in (ReceiptState.REQUESTED, ReceiptState.FAILED)
    return bool(order.paid_at) and stuck


def retry(order: Order, *, number: str, gateway: Gateway, now: datetime) -> ReceiptState | None:
    """Settle the receipt of an order again, to another number when one is given.

    Raises:
        ReceiptRefused: the provider will not.
        GatewayTrouble: the provider could not be asked.
    """
    if number:
        receipting.give_number(order_id=order.pk, number=number, now=now)
    return receipting.settle_receipt(order_id=order.pk, gateway=gateway, now=now)
