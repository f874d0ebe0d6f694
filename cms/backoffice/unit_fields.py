"""Units of an order's lines as fields of a form: `line-<id>`, at most what is left of the line."""

from typing import Any

from django import forms

from commerce.orders.models import OrderLine


class UnitFields(forms.Form):
    """A form that asks how many units of each line."""

    def ask_units(self, *, lines: list[tuple[OrderLine, int]]) -> None:
        """Add a field for each line with the units that are left of it."""
        self.lines = lines
        for line, left in lines:
            self.fields[_field(line)] = forms.IntegerField(
                label=f"{line.title} {line.option_text}".strip(),
                min_value=0,
                max_value=left,
                initial=0,
                required=False,
                disabled=not left,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "bo-units"}),
            )

    def units(self) -> list[dict[str, Any]]:
        """Return the lines with their fields, for the page."""
        return [{"line": line, "left": left, "field": self[_field(line)]} for line, left in self.lines]

    def picked(self) -> dict[int, int]:
        """Return the units that were asked for, by the key of their line."""
        typed = {line.pk: self.cleaned_data.get(_field(line)) or 0 for line, _left in self.lines}
        return {key: quantity for key, quantity in typed.items() if quantity}


def _field(line: OrderLine) -> str:
    return f"line-{line.pk}"
