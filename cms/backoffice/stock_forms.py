"""How staff change stock: what came in, what a count found, and what may be sold before it is here."""

from typing import Any

from django import forms
from django.utils import timezone
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


class Terms(_Reasoned):
    """What may be sold before it is here."""

    prefix = "terms"
    backorder_limit = forms.IntegerField(
        label=_("Units that may be sold before they are here"),
        min_value=0,
        max_value=MOST,
        help_text=_("0: only what is on the shelf is sold."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    ships_on = forms.DateField(
        label=_("Sent on"),
        required=False,
        help_text=_("A preorder: shoppers are promised this day. Empty: sent when it arrives."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field_order = ["backorder_limit", "ships_on", "reason"]

    def clean(self) -> dict[str, Any]:
        """Refuse a day that has passed, and one on which nothing is sent."""
        answers: dict[str, Any] = super().clean() or {}
        day = answers.get("ships_on")
        if day and day <= timezone.localdate():
            self.add_error("ships_on", _("Please choose a day in the future."))
        if day and answers.get("backorder_limit") == 0:
            self.add_error("ships_on", _("With 0 units nothing is sent on that day: please leave it empty."))
        return answers
