"""Prices per unit of content, as the rules on marking prices ask of goods that are sold by weight or volume.

How much a unit price is for follows the usual tables (가격표시제 실시요령): 100 g, 100 ml, 1 m, 1 piece.
"""

from dataclasses import dataclass

from commerce.money import amounts


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of content: its sign, and of how many of them the price is told."""

    sign: str
    per: int
    told: str  # "100g"


UNITS = {
    "g": Unit("g", 100, "100g"),
    "ml": Unit("ml", 100, "100ml"),
    "cm": Unit("cm", 100, "1m"),
    "pc": Unit("", 1, "1"),
}


def unit_price(*, price: int, content: int | None, unit: str, language: str) -> str:
    """Return what `told` of the content costs, as `100g당 1,200원` is made of it; empty without content.

    Rounded half up to whole won.
    """
    known = UNITS.get(unit)
    if not (content and known):
        return ""
    each = (price * known.per * 2 + content) // (content * 2)
    return f"{amounts.show(each, language=language)} / {known.told}"
