"""What a shopper says when she returns or exchanges something, and the photos that she adds."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.claims.selectors import Returnable
from commerce.claims.states import Kind, Reason
from commerce.photos.fields import PhotosField

_KINDS = [
    (Kind.RETURN, _("Return it and get the money back")),
    (Kind.EXCHANGE, _("Exchange it for the same in order, or for another option")),
]


class ClaimForm(forms.Form):
    """Units by line, kind, reason, words and photos."""

    kind = forms.ChoiceField(label=_("What would you like?"), choices=_KINDS, initial=Kind.RETURN)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Please choose")), *Reason.choices],
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"required": _("Please choose the reason.")},
    )
    text = forms.CharField(
        label=_("What happened?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 4}),
    )
    pictures = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_(
            "Up to five, 8 MB each. Only our staff sees them; where they were taken is removed before we keep them."
        ),
    )
    noticed_on = forms.DateField(
        label=_("When did you notice it?"),
        required=False,
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
        help_text=_("Not needed if you changed your mind. Empty: today."),
        error_messages={"invalid": _("Please enter a day like 2026-11-24.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self,
        *args: Any,
        found: Mapping[int, Returnable],
        options: Mapping[int, list[tuple[int, str]]],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found, self.today = found, today
        self.fields["noticed_on"].widget.attrs["max"] = today.isoformat()
        alone = len(found) == 1
        for pk, row in found.items():
            self.fields[_field(pk)] = forms.IntegerField(
                label=f"{row.line.title} {row.line.option_text}".strip(),
                min_value=0,
                max_value=row.quantity,
                initial=row.quantity if alone else 0,
                required=False,
                widget=forms.NumberInput(attrs={"class": "input input--quantity", "inputmode": "numeric"}),
            )
            if options.get(pk):
                self.fields[_option(pk)] = forms.TypedChoiceField(
                    label=_("Exchange for"),
                    choices=[("", _("the same again")), *options[pk]],
                    coerce=int,
                    empty_value=None,
                    required=False,
                    widget=forms.Select(attrs={"class": "input"}),
                )

    def rows(self) -> list[tuple[Returnable, forms.BoundField, forms.BoundField | None]]:
        """Return what can be claimed with its fields: how many, and which option to send instead."""
        return [
            (row, self[_field(pk)], self[_option(pk)] if _option(pk) in self.fields else None)
            for pk, row in self.found.items()
        ]

    def clean_noticed_on(self) -> date | None:
        """Refuse a day to come."""
        day: date | None = self.cleaned_data["noticed_on"]
        if day and day > self.today:
            raise forms.ValidationError(_("This day is still to come."), code="future")
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse nothing, and an exchange that would bring the same unwanted thing."""
        typed = super().clean() or {}
        wrong = any(_field(pk) in self.errors for pk in self.found)
        if self.found and not wrong and not any(self.units().values()):
            self.add_error(_field(next(iter(self.found))), _("Please choose at least one piece."))
        if typed.get("kind") == Kind.EXCHANGE and typed.get("reason") == Reason.CHANGED_MIND:
            self._refuse_the_same()
        return typed

    def wanted(self) -> dict[int, int]:
        """Return the options to send instead by line id; only an exchange has some."""
        if self.cleaned_data["kind"] != Kind.EXCHANGE:
            return {}
        chosen = {pk: self.cleaned_data.get(_option(pk)) for pk in self.found}
        return {pk: variant for pk, variant in chosen.items() if variant}

    def _refuse_the_same(self) -> None:
        for pk, units in self.units().items():
            if units and _option(pk) not in self.fields:
                self.add_error(
                    "kind",
                    _(
                        "There is no other option at this price. For another product, return this and order anew."
                    ),
                )
                return
            if units and not self.cleaned_data.get(_option(pk)) and _option(pk) not in self.errors:
                self.add_error(_option(pk), _("Please choose what you would like instead."))

    def units(self) -> dict[int, int]:
        """Return the units by line id."""
        return {pk: self.cleaned_data.get(_field(pk)) or 0 for pk in self.found}


def _field(line_id: int) -> str:
    return f"line-{line_id}"


def _option(line_id: int) -> str:
    return f"wanted-{line_id}"
