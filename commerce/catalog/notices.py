"""What has to be told of goods before anybody buys them, by their kind (상품정보제공고시).

Article 13(4) of the Act on Consumer Protection in Electronic Commerce (전자상거래 등에서의 소비자보호에 관한 법률) lets the
Fair Trade Commission say what; it does in the notice on information about goods (전자상거래 등에서의 상품 등의 정보제공에
관한 고시) and its annex, whose rows these are. A shop without them may be fined, so nothing is published without them.
The annex changes now and then: a lawyer reads this table before anybody sells.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the annex."""

    code: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of goods with the rows that are asked of it."""

    code: str
    label: str | Promise
    rows: tuple[Row, ...]


SEE_DESCRIPTION = _("See the description of the product")  # allowed where the page says it elsewhere

_LABELS: dict[str, str | Promise] = {
    "name": _("Name and model"),
    "material": _("Material"),
    "fibres": _("Material (fibres and their shares in percent)"),
    "colour": _("Colour"),
    "size": _("Size"),
    "foot": _("Size (foot length, height of heel)"),
    "sort": _("Sort of bag"),
    "parts": _("What it consists of"),
    "maker": _("Maker or importer"),
    "origin": _("Country of origin"),
    "washing": _("Washing and cautions"),
    "cautions": _("Cautions"),
    "made": _("Month of making"),
    "model_since": _("Month in which the model came out"),
    "guarantee": _("Terms of guarantee"),
    "service": _("After-sales service: who and which phone number"),
    "hotline": _("Phone number for questions of consumers"),
    "certificate": _("Safety certificate (KC)"),
    "import_report": _("Import reported under the Special Act on Imported Food Safety"),
    "installation": _("Cost of delivery and installation"),
    "amount": _("Amount (volume, weight, pieces)"),
    "features": _("Main features (skin type, shade)"),
    "use_by": _("Use by, or period after opening"),
    "use": _("How to use it"),
    "cosmetic_maker": _("Maker of the cosmetic and who is responsible for its sale"),
    "ingredients": _("All ingredients"),
    "functional": _("Examined as a functional cosmetic"),
    "food_sort": _("Kind of food"),
    "producer": _("Producer and address, importer"),
    "food_dates": _("Date of making and date of consumption"),
    "recipe": _("Ingredients, their shares and origin"),
    "nutrition": _("Nutrition"),
    "gmo": _("Genetically modified food"),
    "power": _("Rated voltage and power"),
    "energy": _("Energy efficiency class"),
    "purpose": _("Purpose and form"),
    "effect": _("Effect"),
    "child_proof": _("Child-resistant packaging"),
    "substances": _("Chemical substances used"),
    "safety_report": _("Number of the report of conformity with safety standards"),
    "permits": _("Certificates and permits that the law asks for"),
}
_KINDS: dict[str, tuple[str | Promise, str]] = {
    "clothing": (_("Clothing"), "fibres colour size maker origin washing made guarantee service"),
    "shoes": (_("Shoes"), "material colour foot maker origin cautions guarantee service"),
    "bags": (_("Bags"), "sort material colour size maker origin cautions guarantee service"),
    "bedding": (_("Bedding and curtains"), "fibres colour size parts maker origin washing guarantee service"),
    "furniture": (
        _("Furniture"),
        "name certificate colour parts material maker origin size installation guarantee service",
    ),
    "kitchen": (
        _("Kitchen and table ware"),
        "name material parts size model_since maker origin import_report guarantee service",
    ),
    "cosmetics": (
        _("Cosmetics"),
        "amount features use_by use cosmetic_maker origin ingredients functional cautions guarantee hotline",
    ),
    "food": (
        _("Processed food"),
        "name food_sort producer food_dates amount recipe nutrition gmo cautions import_report hotline",
    ),
    "electronics": (
        _("Electric appliances"),
        "name certificate power energy model_since maker origin size guarantee service",
    ),
    "chemical": (
        _("Household chemicals: candles, scents"),
        "name purpose made amount effect maker origin child_proof substances cautions safety_report hotline",
    ),
    "other": (_("Other goods"), "name permits origin maker service"),
}
KINDS: Mapping[str, Kind] = {
    code: Kind(code, label, tuple(Row(row, _LABELS[row]) for row in rows.split()))
    for code, (label, rows) in _KINDS.items()
}


def table(*, kind: str, words: Mapping[str, str], fallback: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the rows of a kind of goods with what is told, in one language; `fallback` has the default language's.

    What is not told is in the description: that is what is said of it. No rows for an unknown kind.
    """
    known = KINDS.get(kind)
    rows = known.rows if known else ()
    return tuple(
        (str(row.label), words.get(row.code) or fallback.get(row.code) or str(SEE_DESCRIPTION))
        for row in rows
    )
