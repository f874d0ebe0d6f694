"""Where the money of a deposit goes back to."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commerce.payments import banks
from commerce.payments.gateway import BankAccount


class AccountNumber(forms.CharField):
    """The number of a Korean bank account: 10 to 16 digits; hyphens and spaces are understood."""

    default_error_messages = {
        "required": _("Please enter the account number."),
        "invalid": _("Please enter the account number in digits, 10 to 16 of them."),
    }

    def clean(self, value: Any) -> str:
        """Return the digits.

        Raises:
            ValidationError: they cannot be an account number.
        """
        typed = unicodedata.normalize("NFKC", super().clean(value)).strip()
        digits = re.sub(r"[\s\-–—.]", "", typed)
        if not digits:
            return ""  # an empty one that must not be was refused above
        if not re.fullmatch(r"[0-9]{10,16}", digits) or len(set(digits)) == 1:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return digits


class RefundAccount(forms.Form):
    """Bank, number and holder of the shopper's account."""

    bank = forms.ChoiceField(
        label=_("Bank"),
        error_messages={
            "required": _("Please choose the bank."),
            "invalid_choice": _("Please choose the bank from the list."),
        },
        widget=forms.Select(attrs={"class": "input"}),
    )
    number = AccountNumber(
        label=_("Account number"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"class": "input", "inputmode": "numeric", "autocomplete": "off", "enterkeyhint": "next"}
        ),
    )
    holder = forms.CharField(
        label=_("Account holder"),
        max_length=40,
        help_text=_("Exactly as the bank knows it."),
        error_messages={"required": _("Please enter the name of the account's holder.")},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name", "enterkeyhint": "done"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose a bank")), *banks.choices(language=get_language() or "ko")]
        self.fields["bank"].choices = choices  # type: ignore[attr-defined]

    def account(self) -> BankAccount:
        """Return what was entered."""
        typed = self.cleaned_data
        return BankAccount(
            bank=typed["bank"], number=typed["number"], holder=" ".join(typed["holder"].split())
        )
