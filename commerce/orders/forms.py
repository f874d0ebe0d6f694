"""How a guest finds an order again."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Lookup(forms.Form):
    """Number and contact; whether they belong together is the selector's answer."""

    number = forms.CharField(
        label=_("Order number"),
        max_length=40,
        help_text=_("For example 20261124-7F3K9QX. It is in our e-mail."),
        error_messages={"required": _("Please enter the order number.")},
        widget=forms.TextInput(
            attrs={
                "class": "input",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "enterkeyhint": "next",
            }
        ),
    )
    contact = forms.CharField(
        label=_("Phone or e-mail of the orderer"),
        max_length=254,
        error_messages={"required": _("Please enter the phone number or e-mail address of the order.")},
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "email", "autocapitalize": "none", "enterkeyhint": "go"}
        ),
    )
