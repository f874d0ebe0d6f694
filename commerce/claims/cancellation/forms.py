"""What a shopper says when she cancels: nothing is required but the click."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commerce.checkout.refund_account.forms import AccountNumber
from commerce.claims.cancellation import services
from commerce.orders.models import Order, OrderLine
from commerce.payments import banks, refunds
from commerce.payments.gateway import BankAccount

_REASONS = [
    ("", _("I would rather not say")),
    ("change of mind", _("I changed my mind")),
    ("ordered by mistake", _("I ordered by mistake")),
    ("another product", _("I want another product or option")),
    ("takes too long", _("It takes too long")),
]
_ACCOUNT = ("bank", "number", "holder")


class Cancellation(forms.Form):
    """Units by line, all of them unless told otherwise; an optional reason; an account when a deposit goes back."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=_REASONS,
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )
    bank = forms.ChoiceField(label=_("Bank"), required=False, widget=forms.Select(attrs={"class": "input"}))
    number = AccountNumber(
        label=_("Account number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "numeric", "autocomplete": "off"}),
    )
    holder = forms.CharField(
        label=_("Account holder"),
        max_length=40,
        required=False,
        help_text=_("Exactly as the bank knows it."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
    )
    cause = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, order: Order, left: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: list[tuple[OrderLine, int]] = [
            (line, left[line.pk]) for line in order.lines.all() if line.pk in left
        ]
        for line, count in self.lines:
            self.fields[_field(line)] = forms.IntegerField(
                label=f"{line.title} {line.option_text}".strip(),
                min_value=0,
                max_value=count,
                initial=count,
                required=False,
                widget=forms.NumberInput(attrs={"class": "input input--quantity", "inputmode": "numeric"}),
            )
        if left and refunds.needs_account(payment=order.payment):
            chosen = [("", _("Choose a bank")), *banks.choices(language=get_language() or "ko")]
            self.fields["bank"].choices = chosen  # type: ignore[attr-defined]
        else:
            for name in _ACCOUNT:
                del self.fields[name]

    def rows(self) -> list[tuple[OrderLine, int, forms.BoundField]]:
        """Return lines, how many can be cancelled, and their fields."""
        return [(line, left, self[_field(line)]) for line, left in self.lines]

    def account_fields(self) -> list[forms.BoundField]:
        """Return the fields of the account: none unless a deposit goes back."""
        return [self[name] for name in _ACCOUNT if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Refuse half an account, and nothing."""
        typed = super().clean() or {}
        if "bank" in self.fields and not self.errors and any(typed.get(name) for name in _ACCOUNT):
            for name in _ACCOUNT:
                if not typed.get(name):
                    self.add_error(
                        name, _("Please enter the whole account, or leave it empty and tell us later.")
                    )
        if self.lines and not self.errors and not any(self.units().values()):
            self.add_error(_field(self.lines[0][0]), _("Please choose at least one piece."))
        return typed

    def units(self) -> dict[int, int]:
        """Return the units by line id."""
        return {line.pk: self.cleaned_data.get(_field(line)) or 0 for line, _left in self.lines}

    def reason_code(self) -> str:
        """Return the reason as it is stored."""
        return self.cleaned_data["reason"] or services.UNSAID

    def account(self) -> BankAccount | None:
        """Return the account that was entered."""
        typed = self.cleaned_data
        if not typed.get("bank"):
            return None
        holder = " ".join(typed["holder"].split())
        return BankAccount(bank=typed["bank"], number=typed["number"], holder=holder)


def _field(line: OrderLine) -> str:
    return f"line-{line.pk}"
