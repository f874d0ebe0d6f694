"""The order sheet: seven text fields at most, and refusals that say what to do."""

import re
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commerce.checkout import coupon_entry, points_entry, shown, widgets
from commerce.orders import receipt_words
from commerce.orders.services import Contact
from commerce.payments import receipts
from commerce.payments.methods import HINTS, LABELS, METHODS
from commerce.payments.models import Payment
from commerce.payments.states import ReceiptKind

# Korean numbers: mobile, Seoul, other regions and internet telephony, safe numbers, nationwide numbers.
_PHONE = re.compile(r"01[016789]\d{7,8}|02\d{7,8}|0[3-7]\d{8,9}|050\d{8,9}|1[5-8]\d{6}", re.ASCII)
_OTHER = "other"
_KEEP = "keep"
_RECEIPT_NUMBERS = {ReceiptKind.PERSONAL: "receipt_phone", ReceiptKind.CORPORATE: "receipt_business"}
REQUESTS: list[tuple[str, str | Promise]] = [
    ("", _("No request")),
    ("door", _("Please leave it at the door.")),
    ("guard", _("Please leave it with the security desk.")),
    ("box", _("Please use the parcel locker.")),
    ("call", _("Please call before you come.")),
    (_OTHER, _("Write it myself")),
]


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


def _text(autocomplete: str, *, hint: str = "next", **attrs: str) -> widgets.Text:
    return widgets.Text(attrs={"class": "input", "autocomplete": autocomplete, "enterkeyhint": hint, **attrs})


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
        widget=_text("off", type="tel", inputmode="tel", pattern=r"[+]?[\d\s.\(\)\-]{8,20}"),
    )


def receipt_business() -> BusinessNumber:
    """Return the number for a business expense."""
    return BusinessNumber(
        label=_("Business number"),
        max_length=20,
        required=False,
        widget=_text("off", inputmode="numeric", pattern=r"\s*\d{3}-?\d{2}-?\d{5}\s*"),
    )


class WithReceipt(forms.Form):
    """A form with a `method`, and the fields of a cash receipt above, which count only for what pays like cash."""

    def receipt_wish(self) -> receipts.Wish | None:
        """Return the cash receipt that is wanted, of a valid form; None where there is none to be had."""
        data = self.cleaned_data
        if data["method"] not in receipts.CASH or not data["receipt"]:
            return None
        kind = ReceiptKind(data["receipt"])
        return receipts.Wish(kind=kind, number=data[_RECEIPT_NUMBERS[kind]])

    def check_receipt(self, data: dict[str, Any]) -> None:
        """Ask for the number that the chosen receipt needs, and for nothing that is hidden."""
        wanted = data.get("receipt") if data.get("method") in receipts.CASH else ""
        for kind, name in _RECEIPT_NUMBERS.items():
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


class OrderSheet(WithReceipt):
    """Who orders, where it goes, how it is paid, and what is agreed."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        error_messages={"required": _("Please enter your name.")},
        widget=_text("name"),
    )
    phone = Phone(
        label=_("Mobile phone"),
        max_length=30,
        widget=_text("tel-national", type="tel", inputmode="tel", pattern=r"[+]?[\d\s.\(\)\-]{8,20}"),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("Your order confirmation goes there."),
        error_messages={
            "required": _("Please enter an e-mail address."),
            "invalid": _("Please enter an e-mail address such as name@example.com."),
        },
        widget=widgets.Mail(
            attrs={"class": "input", "autocomplete": "email", "inputmode": "email", "enterkeyhint": "next"}
        ),
    )
    same_recipient = forms.BooleanField(
        widget=widgets.Box, label=_("The orderer receives the parcel"), required=False, initial=True
    )
    recipient_name = forms.CharField(
        label=_("Recipient"),
        max_length=60,
        required=False,
        widget=_text("shipping name"),
    )
    recipient_phone = Phone(
        label=_("Recipient's phone"),
        max_length=30,
        required=False,
        widget=_text(
            "shipping tel-national", type="tel", inputmode="tel", pattern=r"[+]?[\d\s.\(\)\-]{8,20}"
        ),
    )
    postcode = Postcode(
        label=_("Postcode"),
        max_length=10,
        widget=_text(
            "shipping postal-code", inputmode="numeric", pattern=r"\s*\d{5}\s*", **{"data-postcode": ""}
        ),
    )
    address1 = forms.CharField(
        label=_("Address"),
        max_length=200,
        help_text=_("Street name and number"),
        error_messages={"required": _("Please enter the address.")},
        widget=_text("shipping address-line1"),
    )
    address2 = forms.CharField(
        label=_("Address detail"),
        max_length=200,
        required=False,
        widget=_text("shipping address-line2"),
    )
    delivery_request = forms.ChoiceField(
        label=_("Delivery request"),
        choices=REQUESTS,
        required=False,
        widget=widgets.Choice(attrs={"class": "select"}),
    )
    delivery_note = forms.CharField(
        label=_("Your own delivery request"),
        max_length=100,
        required=False,
        widget=_text("off", hint="done"),
    )
    remember = forms.BooleanField(
        widget=widgets.Box,
        label=_("Remember this on this device for 90 days"),
        required=False,
        help_text=_("Only if nobody else uses this device."),
    )
    coupon = coupon_entry.field()
    coupon_code = coupon_entry.code_field()
    points = points_entry.field()
    method = forms.ChoiceField(
        choices=[(code, LABELS[code]) for code in METHODS],
        error_messages={"required": _("Please choose how to pay.")},
        widget=forms.RadioSelect,
    )
    receipt = receipt_choice()
    receipt_phone = receipt_phone()
    receipt_business = receipt_business()
    agree_order = forms.BooleanField(
        widget=widgets.Box,
        error_messages={"required": _("Please confirm that you checked the order.")},
    )
    agree_terms = forms.BooleanField(
        widget=widgets.Box,
        error_messages={"required": _("Please agree to the terms of use.")},
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the recipient only when somebody else receives the parcel."""
        data = super().clean() or self.cleaned_data
        if not data.get("same_recipient"):
            for name, why in (
                ("recipient_name", _("Please enter who receives the parcel.")),
                ("recipient_phone", _("Please enter a phone number.")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, why)
        else:
            self.errors.pop("recipient_phone", None)  # hidden while the orderer receives it
        if data.get("delivery_request") == _OTHER and not data.get("delivery_note"):
            self.add_error("delivery_note", _("Please write your delivery request."))
        self.check_receipt(data)
        return data

    def contact(self) -> Contact:
        """Return who orders and who receives, of a valid form."""
        data = self.cleaned_data
        same = data["same_recipient"]
        return Contact(
            email=data["email"],
            name=data["name"],
            phone=data["phone"],
            recipient_name=data["name"] if same else data["recipient_name"],
            recipient_phone=data["phone"] if same else data["recipient_phone"],
            postcode=data["postcode"],
            address1=data["address1"],
            address2=data["address2"],
            delivery_note=self._delivery_note(),
        )

    def _delivery_note(self) -> str:
        chosen = self.cleaned_data["delivery_request"]
        if chosen == _OTHER:
            return str(self.cleaned_data["delivery_note"])
        return str(dict(REQUESTS)[chosen]) if chosen else ""

    @property
    def methods(self) -> list[dict[str, Any]]:
        """Return the ways to pay as the page shows them."""
        chosen = self["method"].value() or METHODS[0]
        return [
            {"code": code, "label": LABELS[code], "hint": HINTS[code], "chosen": code == chosen}
            for code in METHODS
        ]


@dataclass(frozen=True, slots=True)
class ShownPage:
    """What the sheet that was sent had shown: its cart, the sum in won on its button, and everything else."""

    cart_token: uuid.UUID | None
    total: int
    shown: shown.Shown | None
    key: str


class Shown(forms.Form):
    """What the page knew when it was sent: the cart, the sum on its button, and the key of this sheet."""

    cart_token = forms.UUIDField()
    shown_total = forms.IntegerField(min_value=0)
    shown = forms.CharField(required=False, max_length=20_000)
    key = forms.UUIDField(required=False)

    @classmethod
    def read(cls, data: Any) -> "ShownPage":
        """Return what the page carried; one that was tampered with showed no cart, or a sum that nothing costs."""
        form = cls(data)
        form.is_valid()
        said = form.cleaned_data
        return ShownPage(
            cart_token=said.get("cart_token"),
            total=said.get("shown_total", -1),
            shown=shown.read(said.get("shown", "")),
            key=str(said.get("key") or ""),
        )


class Retry(WithReceipt):
    """How to pay for an order that waits for its payment, and the cash receipt when that pays like cash."""

    method = forms.ChoiceField(choices=[(code, LABELS[code]) for code in METHODS], widget=forms.RadioSelect)
    receipt = receipt_choice()
    receipt_phone = receipt_phone()
    receipt_business = receipt_business()

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = getattr(payment, "receipt", None)
        if known and known.asked:
            keep = _("%(kind)s, %(number)s as before") % {
                "kind": ReceiptKind(known.kind).label,
                "number": receipt_words.masked(row=known),
            }
            choices = self.fields["receipt"].choices  # type: ignore[attr-defined]  # a choice field
            self.fields["receipt"].choices = [(_KEEP, keep), *choices]  # type: ignore[attr-defined]
            self.fields["receipt"].initial = _KEEP
        self.fields["method"].initial = payment.method

    def clean(self) -> dict[str, Any]:
        """Ask for the number that the chosen receipt needs."""
        data = super().clean() or self.cleaned_data
        self.check_receipt(data)
        return data

    def wanted(self) -> receipts.Wish | None | receipts.Kept:
        """Return the receipt that is wanted now; who said nothing of it, or was not asked, keeps what she had."""
        if "receipt" not in self.data or self.cleaned_data["receipt"] == _KEEP:
            return receipts.KEPT
        return self.receipt_wish()

    @property
    def methods(self) -> list[dict[str, Any]]:
        """Return the ways to pay as the page shows them."""
        chosen = self["method"].value()
        return [{"code": code, "label": LABELS[code], "chosen": code == chosen} for code in METHODS]


def as_typed(data: Any) -> OrderSheet:
    """Return a sheet with what was typed so far and no complaint; the order it shows was not agreed to yet."""
    typed = {name: data.get(name, "") for name in OrderSheet.base_fields}
    ticks = {name: name in data for name in ("same_recipient", "remember", "agree_terms")}
    return OrderSheet(initial=typed | ticks | {"agree_order": False})


def postcode(data: Any) -> str:
    """Return the postcode that was typed so far; empty while it is none."""
    try:
        return Postcode().clean(data.get("postcode", ""))
    except forms.ValidationError:
        return ""
