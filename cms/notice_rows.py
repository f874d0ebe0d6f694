"""The rows of information that the law asks for, as fields of a form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from commerce.catalog import notices

PREFIX = "notice_row_"
_LONGEST = 1_000  # characters


def fields(*, kind: str, values: Mapping[str, str]) -> dict[str, forms.Field]:
    """Return a field for each row of a kind of goods, by its name in the form, filled with the values."""
    known = notices.KINDS.get(kind)
    return {
        f"{PREFIX}{row.code}": forms.CharField(
            label=str(row.label), required=False, max_length=_LONGEST, initial=values.get(row.code, "")
        )
        for row in (known.rows if known else ())
    }


def values_of(*, cleaned: Mapping[str, Any], before: Mapping[str, str]) -> dict[str, str]:
    """Return what to keep of a form that was sent; rows that it had no field for stay."""
    sent = {name.removeprefix(PREFIX): value for name, value in cleaned.items() if name.startswith(PREFIX)}
    return {code: value for code, value in {**before, **sent}.items() if value}


def errors(*, kind: str, cleaned: Mapping[str, Any], in_description: bool) -> dict[str, str]:
    """Return what keeps a product from being published, by field (전자상거래법 제13조 제4항)."""
    known = notices.KINDS.get(kind)
    if known is None:
        return {
            "notice_kind": _(
                "Choose the kind of goods: the law asks for information about it before it is sold."
            )
        }
    if in_description:
        return {}
    wanted = (f"{PREFIX}{row.code}" for row in known.rows)
    said = _("Fill this in, or say above that the rest is in the description.")
    missing = {name: said for name in wanted if not cleaned.get(name)}
    if missing and not any(name in cleaned for name in missing):  # the kind was chosen just now
        return {"notice_kind": _("Save the draft once: the rows of this kind of goods are asked for then.")}
    return missing
