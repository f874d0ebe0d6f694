"""What staff types about webhooks. Every refusal stands at its field, in the reader's language."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from workers.models import State
from workers.webhooks import catalogue, log, targets
from workers.webhooks.backoffice import words
from workers.webhooks.endpoints import Settings


def _types() -> list[tuple[Any, list[tuple[str, Any]]]]:
    kinds = sorted(catalogue.PUBLIC.items(), key=lambda item: list(catalogue.PUBLIC).index(item[0]))
    return [
        (str(group), [(name, _with_name(name)) for name, _kind in members])
        for group, members in groupby(kinds, key=lambda item: item[1].group)
    ]


def _with_name(name: str) -> Any:
    return format_html('{} <code class="bo-code">{}</code>', catalogue.PUBLIC[name].label, name)


class EndpointForm(forms.Form):
    """An endpoint's choices. `saved_url`: the address it has already, which need not answer right now."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For you alone, for example “ERP”."))
    url = forms.CharField(
        label=_("Address"),
        max_length=targets.LONGEST,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_("Where the shop sends to, beginning with https://."),
    )
    types = forms.MultipleChoiceField(
        label=_("Events"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one event.")},
    )
    ordered = forms.BooleanField(
        label=_("Keep the order"),
        required=False,
        help_text=_(
            "Events of one order, product or item arrive one after the other: while one is not accepted, "
            "the later ones wait."
        ),
    )

    def __init__(self, *args: Any, saved_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._saved_url = saved_url
        self.fields["types"].choices = _types()  # type: ignore[attr-defined]  # in the reader's language

    def clean_url(self) -> str:
        """Refuse where no webhook may go; the address is asked for once, here, and again at each sending."""
        url: str = self.cleaned_data["url"].strip()
        check = targets.parse if url == self._saved_url else targets.resolve
        try:
            check(url=url, policy=targets.policy())
        except targets.Refused as refused:
            raise forms.ValidationError(str(words.REFUSALS[refused.why]), code=refused.why) from refused
        return url

    def chosen(self) -> Settings:
        """Return what was chosen; only of a valid form."""
        said = self.cleaned_data
        return Settings(
            name=said["name"], url=said["url"], types=tuple(said["types"]), ordered=said["ordered"]
        )


class RotateForm(forms.Form):
    """How long the old secret goes on signing."""

    overlap = forms.TypedChoiceField(
        label=_("The old secret stays valid for"),
        choices=list(words.OVERLAPS.items()),
        coerce=int,
        initial=24,
    )


class ResendForm(forms.Form):
    """From when on everything that was not accepted is sent again."""

    since = forms.DateTimeField(
        label=_("Since"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=_("On the shop's clocks. Only the last 30 days are remembered."),
    )
    missed = forms.BooleanField(
        label=_("Also events that happened while the webhook was off"), required=False, initial=True
    )

    def clean_since(self) -> Any:
        """Refuse a moment that nobody remembers."""
        since, now = self.cleaned_data["since"], timezone.now()
        if not now - log.REACH <= since <= now:
            raise forms.ValidationError(_("Choose a moment within the last 30 days."), code="reach")
        return since

    @staticmethod
    def start() -> dict[str, Any]:
        """Return what the form proposes: the last day."""
        return {"since": timezone.localtime(timezone.now() - timedelta(days=1)), "missed": True}


class LogFilters(forms.Form):
    """What of the log is shown."""

    state = forms.TypedChoiceField(label=_("State"), required=False, coerce=int, empty_value=None)
    type = forms.ChoiceField(label=_("Event"), required=False)

    def __init__(self, *args: Any, types: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("All"))]
        states = [(int(state), words.STATES[state]) for state in State]
        kinds = [(name, f"{words.kind(name)} ({name})") for name in types]
        self.fields["state"].choices = everything + states  # type: ignore[attr-defined]
        self.fields["type"].choices = everything + kinds  # type: ignore[attr-defined]

    def narrow(self, rows: Any) -> Any:
        """Return the rows that are asked for; what nobody offers is not asked for."""
        said = self.cleaned_data if self.is_valid() else {}
        if said.get("state") is not None:
            rows = rows.filter(state=said["state"])
        return rows.filter(event__type=said["type"]) if said.get("type") else rows
