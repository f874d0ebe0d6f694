"""The order sheet: seven text fields at most, and refusals that say what to do."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commerce import widgets
from commerce.checkout import coupon_entry, points_entry, shown
from commerce.checkout.fields import PHONE_PATTERN, Phone, Postcode, text
from commerce.checkout.receipt_choice import WithReceipt, receipt_business, receipt_choice, receipt_phone
from commerce.orders import receipt_words
from commerce.orders.services import Contact
from commerce.payments import receipts
from commerce.payments.methods import HINTS, LABELS, METHODS
from commerce.payments.models import Payment
from commerce.payments.states import ReceiptKind

_OTHER = "other"
_KEEP = "keep"
REQUESTS: list[tuple[str, str | Promise]] = [
    ("", _("No request")),
    ("door", _("Please leave it at the door.")),
    ("guard", _("Please leave it with the security desk.")),
    ("box", _("Please use the parcel locker.")),
    ("call", _("Please call before you come.")),
    (_OTHER, _("Write it myself")),
]


class OrderSheet(WithReceipt):
    """Who orders, where it goes, how it is paid, and what is agreed."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        error_messages={"required": _("Please enter your name.")},
        widget=text("name"),
    )
    phone = Phone(
        label=_("Mobile phone"),
        max_length=30,
        widget=text("tel-national", type="tel", inputmode="tel", pattern=PHONE_PATTERN),
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
        widget=text("shipping name"),
    )
    recipient_phone = Phone(
        label=_("Recipient's phone"),
        max_length=30,
        required=False,
        widget=text("shipping tel-national", type="tel", inputmode="tel", pattern=PHONE_PATTERN),
    )
    postcode = Postcode(
        label=_("Postcode"),
        max_length=10,
        widget=text(
            "shipping postal-code", inputmode="numeric", pattern=r"\s*\d{5}\s*", **{"data-postcode": ""}
        ),
    )
    address1 = forms.CharField(
        label=_("Address"),
        max_length=200,
        help_text=_("Street name and number"),
        error_messages={"required": _("Please enter the address.")},
        widget=text("shipping address-line1"),
    )
    address2 = forms.CharField(
        label=_("Address detail"),
        max_length=200,
        required=False,
        widget=text("shipping address-line2"),
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
        widget=text("off", hint="done"),
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
