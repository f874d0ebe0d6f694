"""What staff types about parcels."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.fulfilment import selectors, services, tracking
from commerce.fulfilment.models import Courier
from commerce.fulfilment.selectors import Packed


class Label(forms.Form):
    """Courier and number."""

    courier = forms.ModelChoiceField(
        label=gettext_lazy("Courier"), queryset=Courier.objects.none(), to_field_name="code", empty_label=None
    )
    tracking_number = forms.CharField(
        label=gettext_lazy("Tracking number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["courier"].queryset = selectors.couriers()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Keep the number as digits."""
        answers: dict[str, Any] = super().clean() or {}
        courier, typed = answers.get("courier"), answers.get("tracking_number")
        if courier and typed:
            try:
                answers["tracking_number"] = tracking.digits(
                    text=typed, least=courier.digits_min, most=courier.digits_max
                )
            except tracking.BadNumber as bad:
                self.add_error("tracking_number", why(bad))
        return answers


class Dispatch(Label):
    """A parcel: units of each line that is left, all of them unless told otherwise."""

    def __init__(self, *args: Any, left: list[Packed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = left
        for packed in left:
            self.fields[_field(packed.line.pk)] = forms.IntegerField(
                label=f"{packed.line.title} {packed.line.option_text}".strip(),
                min_value=0,
                max_value=packed.ready,
                initial=packed.ready,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def rows(self) -> list[tuple[Packed, forms.BoundField]]:
        """Return each line that is left with its field."""
        return [(packed, self[_field(packed.line.pk)]) for packed in self.left]

    def clean(self) -> dict[str, Any]:
        """Refuse an empty parcel."""
        answers = super().clean()
        if not self.errors and not any(self.units().values()):
            self.add_error(None, _("There is nothing in this parcel."))
        return answers

    def units(self) -> dict[int, int]:
        """Return the units by line id."""
        return {packed.line.pk: self.cleaned_data.get(_field(packed.line.pk)) or 0 for packed in self.left}


class Delivered(forms.Form):
    """The day of the delivery."""

    day = forms.DateField(
        label=gettext_lazy("Delivered on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The shopper's seven days to return begin the day after."),
    )

    def __init__(self, *args: Any, first: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.today = first, today
        self.fields["day"].initial = today
        self.fields["day"].widget.attrs.update({"min": first.isoformat(), "max": today.isoformat()})

    def clean_day(self) -> date:
        """Refuse a day before the dispatch and one that has not come."""
        day: date = self.cleaned_data["day"]
        if not self.first <= day <= self.today:
            raise forms.ValidationError(
                _("A day from %(first)s to %(today)s.") % {"first": self.first, "today": self.today}
            )
        return day


def why(refusal: Exception) -> str:
    """Return a refusal of the shop in words for the person at the desk."""
    if isinstance(refusal, tracking.BadNumber):
        return _number(refusal)
    if isinstance(refusal, services.TooMany):
        return _(
            "Fewer can be sent: somebody else sent some, they were cancelled, or they have not arrived here yet."
        )
    return str(_REFUSALS.get(type(refusal)) or _("This is no longer possible: the order has moved on."))


def many(refusal: services.TooMany, names: Mapping[int, str]) -> str:
    """Return what is left of each line of which too much was asked for."""
    return ", ".join(
        _("%(name)s: %(left)s left to send") % {"name": names.get(pk, "?"), "left": left}
        for pk, left in refusal.left.items()
    )


def _number(bad: tracking.BadNumber) -> str:
    if bad.why == "length":
        return _("This courier's numbers have %(least)s to %(most)s digits.") % {
            "least": bad.least,
            "most": bad.most,
        }
    return str(_NUMBERS[bad.why])


def _field(line_id: int) -> str:
    return f"units_{line_id}"


_NUMBERS: dict[str, Any] = {
    "empty": gettext_lazy("There is no tracking number."),
    "letters": gettext_lazy("A tracking number has digits only."),
    "rounded": gettext_lazy(
        "The spreadsheet rounded this number: format the column as text and enter it again."
    ),
}
_REFUSALS: dict[type[Exception], Any] = {
    services.NotToShip: gettext_lazy("The order is not paid, was cancelled, or its money goes back."),
    services.NothingChosen: gettext_lazy("There is nothing in this parcel."),
    services.CourierUnknown: gettext_lazy("The shop does not work with this courier."),
    services.EndsAClaim: gettext_lazy(
        "This parcel ends a return or exchange: it cannot be taken back. Its number can be corrected."
    ),
    services.AlreadyDelivered: gettext_lazy("It was delivered: it cannot be taken back."),
}
