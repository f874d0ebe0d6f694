"""Kinds of fields of the order sheet: what a Korean shopper types, and what is understood of it."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce import widgets
from commerce.payments import receipts

# Korean numbers: mobile, Seoul, other regions and internet telephony, safe numbers, nationwide numbers.
_PHONE = re.compile(r"01[016789]\d{7,8}|02\d{7,8}|0[3-7]\d{8,9}|050\d{8,9}|1[5-8]\d{6}", re.ASCII)
PHONE_PATTERN = r"[+]?[\d\s.\(\)\-]{8,20}"  # what a browser lets pass before we look


def _plain(text: str) -> str:
    """Return typed text with full-width signs made plain: 서울 phones type ０１０ as well."""
    return unicodedata.normalize("NFKC", text).strip()


class Phone(forms.CharField):
    """A Korean phone number; becomes its digits. Hyphens, spaces, dots and +82 are understood."""

    default_error_messages = {
        "required": _("Please enter a phone number."),
        "invalid": _("Please enter a Korean phone number such as 010-1234-5678."),
    }

    def clean(self, value: Any) -> str:
        """Return the digits.

        Raises:
            ValidationError: it is no Korean phone number.
        """
        typed = _plain(super().clean(value))
        digits = re.sub(r"[\s\-.()·–—]", "", typed)
        digits = re.sub(r"^(\+?82)0?", "0", digits) if digits.startswith(("+82", "82")) else digits
        if typed and not _PHONE.fullmatch(digits):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return digits


class Postcode(forms.CharField):
    """The five digits of a Korean postcode."""

    default_error_messages = {
        "required": _("Please enter the postcode."),
        "invalid": _("Please enter the five digits of the postcode."),
    }

    def clean(self, value: Any) -> str:
        """Return the digits.

        Raises:
            ValidationError: there are not five of them.
        """
        digits = re.sub(r"[\s\-]", "", _plain(super().clean(value)))
        if not re.fullmatch(r"[0-9]{5}", digits):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return digits


class BusinessNumber(forms.CharField):
    """A Korean business registration number; becomes its ten digits."""

    default_error_messages = {
        "invalid": _("Please check the business number: ten digits such as 123-45-67890."),
    }

    def clean(self, value: Any) -> str:
        """Return the digits.

        Raises:
            ValidationError: they are no business registration number.
        """
        digits = re.sub(r"[\s\-]", "", _plain(super().clean(value)))
        if digits and not receipts.is_business_number(digits):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return digits


class MobilePhone(Phone):
    """A mobile phone's number: what a cash receipt for the income deduction goes to."""

    default_error_messages = {"invalid": _("Please enter a mobile phone number such as 010-1234-5678.")}

    def clean(self, value: Any) -> str:
        """Return the digits.

        Raises:
            ValidationError: it is no mobile phone's number.
        """
        digits = super().clean(value)
        if digits and not digits.startswith("01"):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return digits


def text(autocomplete: str, *, hint: str = "next", **attrs: str) -> widgets.Text:
    """Return the input of a field; `hint` is what the key for the end of a line says on a phone."""
    return widgets.Text(attrs={"class": "input", "autocomplete": autocomplete, "enterkeyhint": hint, **attrs})
