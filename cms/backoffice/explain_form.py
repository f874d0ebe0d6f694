"""What staff fill in to say what a refund of PortOne's console was for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.backoffice.refund_form import sum_field
from cms.backoffice.unit_fields import UnitFields
from commerce.checkout import refund_parts, refunding
from commerce.orders.refund_math import Wish
from commerce.orders.states import Status
from commerce.payments.models import Refund


class Noted(forms.Form):
    """A word for whoever comes after."""

    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("It stays on the order's timeline."),
    )


class ExplainForm(Noted, UnitFields):
    """Units become fields `line-<id>`; what they and the delivery leave of the sum is a price reduction."""

    restock = forms.BooleanField(label=_("Put the units back on the shelf"), required=False)
    returned = forms.BooleanField(
        label=_("The units came back"),
        required=False,
        help_text=_("Otherwise units that have not left yet are meant first, and will not be sent any more."),
    )
    shipping = sum_field(_("Delivery given back in won"), _("Empty: nothing."))
    fee = sum_field(
        _("Deducted for delivery in won"), _("Empty: nothing. The rules say how much it can be at most.")
    )

    field_order = ["note", "restock", "returned", "shipping", "fee"]

    def __init__(self, *args: Any, refund: Refund, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = refund.payment.order
        gone = refund_parts.given_of(payment=refund.payment, but=refund.pk).lines
        self.ask_units(
            lines=[(line, line.quantity - gone.get(line.pk, (0, 0))[0]) for line in order.lines.all()]
        )
        if not refunding.is_dispatched(order=order):
            del self.fields["returned"]
        if order.status == Status.CANCELLED:
            del self.fields["restock"]

    def wish(self) -> Wish:
        """Return what it was for."""
        typed = self.cleaned_data
        return Wish(
            quantities=self.picked(),
            shipping=typed["shipping"] or 0,
            fee=typed["fee"] or 0,
        )
