"""The question of the order sheet which cash receipt (현금영수증) is wanted, and the number that it goes to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.checkout.fields import PHONE_PATTERN, BusinessNumber, MobilePhone, text
from commerce.payments import receipts
from commerce.payments.states import ReceiptKind

_NUMBERS = {ReceiptKind.PERSONAL: "receipt_phone", ReceiptKind.CORPORATE: "receipt_business"}


def receipt_choice() -> forms.ChoiceField:
    """Return the question which cash receipt is wanted."""
    choices = [("", _("No, thank you")), *ReceiptKind.choices]
    return forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect)


def receipt_phone() -> MobilePhone:
    """Return the number for an income deduction."""
    return MobilePhone(
        label=_("Mobile phone for the receipt"),
        max_length=30,
        required=False,
        widget=text("off", type="tel", inputmode="tel", pattern=PHONE_PATTERN),
    )


def receipt_business() -> BusinessNumber:
    """Return the number for a business expense."""
    return BusinessNumber(
        label=_("Business number"),
        max_length=20,
        required=False,
        widget=text("off", inputmode="numeric", pattern=r"\s*\d{3}-?\d{2}-?\d{5}\s*"),
    )


class WithReceipt(forms.Form):
    """A form with a `method`, and the fields of a cash receipt above, which count only for what pays like cash."""

    def receipt_wish(self) -> receipts.Wish | None:
        """Return the cash receipt that is wanted, of a valid form; None where there is none to be had."""
        data = self.cleaned_data
        if data["method"] not in receipts.CASH or not data["receipt"]:
            return None
        kind = ReceiptKind(data["receipt"])
        return receipts.Wish(kind=kind, number=data[_NUMBERS[kind]])

    def check_receipt(self, data: dict[str, Any]) -> None:
        """Ask for the number that the chosen receipt needs, and for nothing that is hidden."""
        wanted = data.get("receipt") if data.get("method") in receipts.CASH else ""
        for kind, name in _NUMBERS.items():
            if kind != wanted:
                self.errors.pop(name, None)
            elif not data.get(name) and name not in self.errors:
                self.add_error(name, _("Please enter the number that the receipt goes to."))

    @property
    def receipts(self) -> list[dict[str, Any]]:
        """Return the cash receipts to choose from as the page shows them; none is chosen beforehand."""
        chosen = self["receipt"].value() or ""
        choices = self.fields["receipt"].choices  # type: ignore[attr-defined]  # a choice field
        return [{"code": code, "label": label, "chosen": code == chosen} for code, label in choices]
