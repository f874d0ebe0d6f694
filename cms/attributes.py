"""Attributes of products: what a type defines, the fields that ask for it, and what the shop keeps of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext as _

PREFIX = "attribute_"
_CHOICE = re.compile(r"^(?P<ko>[^=#]+?)\s*(?:=\s*(?P<en>[^#]+?))?\s*(?P<swatch>#[0-9a-fA-F]{6})?$")
_YES = {"ko": "예", "en": "Yes"}
_NO = {"ko": "아니요", "en": "No"}
_LONGEST = 200  # characters of a text


@dataclass(frozen=True, slots=True)
class Option:
    """A choice in both languages; the Korean word is its value. A colour has a swatch, `#rrggbb`."""

    ko: str
    en: str
    swatch: str = ""


def parse_choices(text: str) -> list[Option]:
    """Return the choices of a text, one a line: `백자 = White #f4f1ea`. Lines that make no sense are left out."""
    found = [match for line in text.splitlines() if (match := _CHOICE.match(line.strip()))]
    return [Option(one["ko"], one["en"] or one["ko"], (one["swatch"] or "").lower()) for one in found]


def parse_bounds(text: str) -> list[Decimal] | None:
    """Return where ranges of numbers end, rising; None when the text says nothing of the kind."""
    try:
        found = [Decimal(part.strip()) for part in text.split(",") if part.strip()]
        rising = all(one < other for one, other in pairwise(found))
    except InvalidOperation:
        return None
    return found if found and rising and all(one.is_finite() for one in found) else None


def fields(*, defined: Sequence[Any], values: Mapping[str, Any]) -> dict[str, forms.Field]:
    """Return a form's field for each attribute of a type, by its name in the form, filled with the values."""
    found: dict[str, forms.Field] = {}
    for one in defined:
        value = values.get(one.code)
        if one.kind == "text":
            words = value if isinstance(value, dict) else {}
            found[f"{PREFIX}{one.code}"] = _text(one.name, words.get("ko", ""))
            found[f"{PREFIX}{one.code}__en"] = _text(
                _("%(name)s (English)") % {"name": one.name}, words.get("en", "")
            )
        else:
            found[f"{PREFIX}{one.code}"] = _field(one, value)
    return found


def values_of(
    *, defined: Sequence[Any], cleaned: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what to keep of a form that was sent; what it had no field for stays as it was before."""
    kept: dict[str, Any] = {}
    for one in defined:
        name = f"{PREFIX}{one.code}"
        if name not in cleaned:
            value = before.get(one.code)
        elif one.kind == "text":
            value = (
                {"ko": cleaned[name], "en": cleaned.get(f"{name}__en") or cleaned[name]}
                if cleaned[name]
                else None
            )
        else:
            value = str(cleaned[name].normalize()) if isinstance(cleaned[name], Decimal) else cleaned[name]
        if value not in (None, ""):
            kept[one.code] = _plain(value) if one.kind == "number" else value
    return kept


def stored(*, defined: Sequence[Any], values: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return the attributes as the catalog keeps them, in the order of the type; those without a value are left out.

    `{"code", "kind", "names", "labels", "swatch", "facet"}`; `facet` says by which value listings find it.
    """
    return tuple(
        made
        for one in defined
        if values.get(one.code) not in (None, "") and (made := _stored(one, values[one.code]))
    )


def _stored(one: Any, value: Any) -> dict[str, Any] | None:
    made: dict[str, Any] = {
        "code": one.code,
        "kind": one.kind,
        "names": {"ko": one.name, "en": one.name_en or one.name},
    }
    facet: dict[str, Any] | None = None
    if one.kind == "text":
        made["labels"] = (
            {"ko": value["ko"], "en": value.get("en") or value["ko"]} if isinstance(value, dict) else None
        )
    elif one.kind == "boolean":
        made["labels"] = _YES if value == "yes" else _NO
        facet = {"value": value, "labels": made["labels"], "place": 0 if value == "yes" else 1}
    elif one.kind == "number":
        text = f"{value}{one.unit if one.unit in ('%', '°') else f' {one.unit}'}".strip()
        made["labels"] = {"ko": text, "en": text}
        facet = _range(one, value)
    else:
        options = parse_choices(one.choices)
        place = next((place for place, option in enumerate(options) if option.ko == value), None)
        if place is None:
            return None  # the type does not offer it any more
        made["labels"] = {"ko": options[place].ko, "en": options[place].en}
        made["swatch"] = options[place].swatch
        facet = {"value": value, "labels": made["labels"], "place": place}
    if not made["labels"]:
        return None
    return {**made, "facet": facet} if one.facet and facet else made


def _range(one: Any, value: str) -> dict[str, Any] | None:
    bounds = parse_bounds(one.bounds) if one.bounds else None
    if not bounds:
        return None
    place = sum(Decimal(value) >= bound for bound in bounds)
    low = bounds[place - 1] if place else None
    high = bounds[place] if place < len(bounds) else None
    unit = f" {one.unit}" if one.unit else ""
    if low is None:
        labels = {"ko": f"{high}{unit} 미만", "en": f"Below {high}{unit}"}
    elif high is None:
        labels = {"ko": f"{low}{unit} 이상", "en": f"{low}{unit} and more"}
    else:
        labels = {"ko": f"{low}~{high}{unit}", "en": f"{low} to {high}{unit}"}
    return {
        "value": f"{'' if low is None else low}-{'' if high is None else high}",
        "labels": labels,
        "place": place,
    }


def _field(one: Any, value: Any) -> forms.Field:
    if one.kind == "number":
        label = f"{one.name} ({one.unit})" if one.unit else one.name
        return forms.DecimalField(
            label=label, required=False, max_digits=10, decimal_places=2, min_value=0, initial=value
        )
    if one.kind == "boolean":
        offered = [("", "—"), ("yes", _("Yes")), ("no", _("No"))]
    else:
        offered = [("", "—"), *((option.ko, option.ko) for option in parse_choices(one.choices))]
    return forms.ChoiceField(label=one.name, required=False, choices=offered, initial=value)


def _text(label: str, value: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=_LONGEST, initial=value)


def _plain(value: Any) -> str:
    return f"{Decimal(str(value)).normalize():f}"
