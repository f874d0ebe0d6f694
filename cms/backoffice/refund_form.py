"""What staff fill in to refund an order: units, whose doing it is, and sums that differ from the rules."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.backoffice import words
from cms.backoffice.unit_fields import UnitFields
from commerce.checkout import refund_parts, refunding
from commerce.checkout.refund_account.forms import AccountNumber
from commerce.orders.models import Order
from commerce.orders.refund_math import Fault, Wish
from commerce.payments import banks, refunds
from commerce.payments.gateway import BankAccount


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: what is stored, what it is called, and whose doing it is."""

    text: str
    label: words.Words
    fault: Fault


WHY = (
    Why("change of mind", _("Change of mind"), Fault.SHOPPER),
    Why("faulty or not as described", _("Faulty or not as described"), Fault.SHOP),
    Why("cannot be delivered", _("Cannot be delivered"), Fault.SHOP),
    Why("goodwill", _("Goodwill"), Fault.SHOP),
)
_FAULTS = {why.text: why.fault for why in WHY}


def sum_field(label: Any, hint: Any) -> forms.IntegerField:
    """Return a field for a sum in won that may be left empty."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, help_text=hint, min_value=0, required=False, widget=widget)


class RefundForm(UnitFields):
    """A refund. Lines become fields `line-<id>`; sums left empty follow the rules."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(why.text, why.label) for why in WHY],
        widget=forms.RadioSelect,
        help_text=_(
            "A change of mind pays its way back; what is the shop's doing costs the customer nothing."
        ),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("It stays on the order's timeline."),
    )
    restock = forms.BooleanField(label=_("Put the units back on the shelf"), required=False, initial=True)
    returned = forms.BooleanField(
        label=_("The units came back"),
        required=False,
        help_text=_("Otherwise units that have not left yet are meant first, and will not be sent any more."),
    )
    goodwill = sum_field(_("Price reduction in won"), _("A sum without units, for example for a scratch."))
    shipping = sum_field(_("Delivery given back in won"), _("Empty: by the rules."))
    fee = sum_field(
        _("Deducted for delivery in won"), _("Empty: by the rules. It can be less than they say, never more.")
    )
    bank = forms.ChoiceField(label=_("Bank"), required=False)
    number = AccountNumber(label=_("Account number"), max_length=30, required=False)
    holder = forms.CharField(label=_("Account holder"), max_length=40, required=False)
    cause = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gone = refund_parts.given_of(payment=order.payment).lines
        self.ask_units(
            lines=[(line, line.quantity - gone.get(line.pk, (0, 0))[0]) for line in order.lines.all()]
        )
        if not refunding.is_dispatched(order=order):
            del self.fields["returned"]
        if refunds.needs_account(payment=order.payment):
            chosen = [("", "–"), *banks.choices(language=get_language() or "ko")]
            self.fields["bank"].choices = chosen  # type: ignore[attr-defined]
        else:
            for name in ("bank", "number", "holder"):
                del self.fields[name]

    def sums(self) -> list[forms.BoundField]:
        """Return the fields of the sums."""
        return [self[name] for name in ("goodwill", "shipping", "fee")]

    def account_fields(self) -> list[forms.BoundField]:
        """Return the fields of the account: none unless a deposit goes back."""
        return [self[name] for name in ("bank", "number", "holder") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Refuse half an account."""
        typed = super().clean() or {}
        parts = [typed.get(name) for name in ("bank", "number", "holder")]
        if any(parts) and not all(parts):
            self.add_error(None, _("Please enter the whole account, or nothing: then the customer is asked."))
        return typed

    def wish(self) -> Wish:
        """Return what was asked for."""
        typed = self.cleaned_data
        return Wish(
            quantities=self.picked(),
            fault=_FAULTS[typed["reason"]],
            goodwill=typed["goodwill"] or 0,
            shipping=typed["shipping"],
            fee=typed["fee"],
        )

    def account(self) -> BankAccount | None:
        """Return the account that was entered."""
        typed = self.cleaned_data
        if not typed.get("bank"):
            return None
        return BankAccount(bank=typed["bank"], number=typed["number"], holder=typed["holder"].strip())
