"""An address as a customer types it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.checkout import known
from commerce.checkout.fields import Phone, Postcode
from commerce.checkout.forms import REQUESTS
from commerce.customers.addresses import Place
from commerce.customers.models import Address


def _text(autocomplete: str, **attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input", "autocomplete": autocomplete, **attrs})


class AddressForm(forms.Form):
    """Who receives and where. Whose address it is, nobody can send."""

    recipient_name = forms.CharField(
        label=_("Recipient"),
        max_length=60,
        error_messages={"required": _("Please enter who receives the parcel.")},
        widget=_text("name"),
    )
    recipient_phone = Phone(
        label=_("Recipient's phone"), max_length=30, widget=_text("tel-national", type="tel", inputmode="tel")
    )
    postcode = Postcode(
        label=_("Postcode"),
        max_length=10,
        widget=_text("postal-code", inputmode="numeric", **{"data-postcode": ""}),
    )
    address1 = forms.CharField(
        label=_("Address"),
        max_length=200,
        help_text=_("Street name and number"),
        error_messages={"required": _("Please enter the address.")},
        widget=_text("address-line1"),
    )
    address2 = forms.CharField(
        label=_("Address detail"), max_length=200, required=False, widget=_text("address-line2")
    )
    delivery_request = forms.ChoiceField(
        label=_("Delivery request"),
        choices=REQUESTS,
        required=False,
        widget=forms.Select(attrs={"class": "select"}),
    )
    delivery_note = forms.CharField(
        label=_("Your own delivery request"), max_length=100, required=False, widget=_text("off")
    )
    default = forms.BooleanField(label=_("Send my parcels there unless I say otherwise"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the words of an own request."""
        data = super().clean() or self.cleaned_data
        if data.get("delivery_request") == known.OTHER and not data.get("delivery_note"):
            self.add_error("delivery_note", _("Please write your delivery request."))
        return data

    def place(self) -> Place:
        """Return the address of a valid form."""
        data = self.cleaned_data
        chosen = data["delivery_request"]
        note = data["delivery_note"] if chosen == known.OTHER else str(known.WORDS.get(chosen, ""))
        return Place(
            recipient_name=data["recipient_name"],
            recipient_phone=data["recipient_phone"],
            postcode=data["postcode"],
            address1=data["address1"],
            address2=data["address2"],
            delivery_note=note,
        )


def typed(*, address: Address) -> dict[str, Any]:
    """Return what the form of a stored address shows."""
    return {
        "recipient_name": address.recipient_name,
        "recipient_phone": address.recipient_phone,
        "postcode": address.postcode,
        "address1": address.address1,
        "address2": address.address2,
        "default": address.is_default,
        **known.request_of(note=address.delivery_note),
    }
