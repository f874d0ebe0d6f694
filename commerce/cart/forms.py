"""What a shopper may send to the cart."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from commerce.cart.models import MAX_QUANTITY


class Quantity(forms.IntegerField):
    """A number of units, with refusals in words."""

    default_error_messages = {
        "required": _("Please enter a quantity."),
        "invalid": _("Please enter the quantity as a whole number."),
    }

    def __init__(self, *, least: int, **options: Any) -> None:
        super().__init__(**options)
        self.validators += [
            MinValueValidator(least, _("Please enter a quantity of %(limit_value)s or more.")),
            MaxValueValidator(MAX_QUANTITY, _("You can order at most %(limit_value)s of one product.")),
        ]


class Add(forms.Form):
    """Put units of a variant into the cart."""

    sku = forms.CharField(max_length=64)
    quantity = Quantity(least=1)


class Change(forms.Form):
    """Set how many units of a line are wanted; 0 takes it out."""

    sku = forms.CharField(max_length=64)
    quantity = Quantity(least=0)


class Sku(forms.Form):
    """Name a line of the cart."""

    sku = forms.CharField(max_length=64)


class Removed(forms.Form):
    """What the address of the cart page says was taken out, so that it can be put back."""

    removed = forms.CharField(max_length=64)
    quantity = Quantity(least=1)
