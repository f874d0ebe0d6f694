"""How staff change stock: what came in, and what a count found."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 1_000_000  # units: more is a slip of the finger


class _Reasoned(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": self.prefix, **kwargs})


class Receive(_Reasoned):
    """Units that arrived."""

    prefix = "receive"
    quantity = forms.IntegerField(
        label=_("Units received"),
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    field_order = ["quantity", "reason"]


class Count(_Reasoned):
    """What is on the shelf."""

    prefix = "count"
    on_hand = forms.IntegerField(
        label=_("Units counted"),
        min_value=0,
        max_value=MOST,
        help_text=_("Everything on the shelf, with what is promised to orders."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    field_order = ["on_hand", "reason"]
