"""How a customer narrows the list of orders. Whatever an address says, there is a list."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.mypage.orders.selectors import LABELS, PERIODS, Stage


class Narrow(forms.Form):
    """Words, a period and a stage, all of them optional."""

    q = forms.CharField(
        label=_("Order number or product"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    period = forms.ChoiceField(
        label=_("Period"),
        choices=[
            ("", _("All times")),
            ("1m", _("1 month")),
            ("3m", _("3 months")),
            ("6m", _("6 months")),
            ("1y", _("1 year")),
        ],
        required=False,
        widget=forms.Select(attrs={"class": "select"}),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("All")), *((stage.value, LABELS[stage]) for stage in Stage)],
        required=False,
        widget=forms.Select(attrs={"class": "select"}),
    )

    def asked(self, *, now: datetime) -> dict[str, Any]:
        """Return what is asked for; what nobody understands is not asked."""
        self.is_valid()
        data = self.cleaned_data
        period = PERIODS.get(data.get("period", ""))
        return {
            "words": data.get("q", "").strip(),
            "since": now - period if period else None,
            "stage": data.get("status", ""),
        }

    @property
    def narrows(self) -> bool:
        """Return whether something is asked for."""
        return any(self.cleaned_data.get(name) for name in self.fields)
