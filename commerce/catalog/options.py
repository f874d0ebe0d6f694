"""Choosing a variant: what each option value leads to, worked out once for the page and for its script."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

from commerce.catalog import units
from commerce.catalog.shapes import Picture, ProductView, VariantView
from commerce.inventory import words as stock_words
from commerce.money import amounts

FEW = 5  # units: from here on the page says how many are left


@dataclass(frozen=True, slots=True)
class Value:
    """An option value and the variant that choosing it leads to."""

    label: str
    sku: str
    sold_out: bool
    selected: bool


@dataclass(frozen=True, slots=True)
class Group:
    """An option with its values: `Colour`: White, Black."""

    name: str
    values: tuple[Value, ...]


def groups(product: ProductView) -> tuple[Group, ...]:
    """Return the options of a product; each value leads to the variant closest to the one selected."""
    return tuple(
        Group(name=name, values=_values(product, place)) for place, name in enumerate(product.option_names)
    )


def table(product: ProductView, *, language: str) -> str:
    """Return the variants as JSON for the script that switches them: what is said of each, ready to show."""
    rows = [
        {
            "sku": variant.sku,
            "options": variant.options,
            "price": amounts.show(variant.price, language=language),
            **sale(variant, language=language),
            "picture": variant.picture,
            "stock": stock_note(variant),
            "later": later(variant),
            "soldOut": variant.sold_out,
            "most": max(min(variant.available, 99), 1),
        }
        for variant in product.variants
    ]
    return json.dumps(rows, ensure_ascii=False)


def sale(variant: VariantView, *, language: str) -> dict[str, str]:
    """Return what is said beside the price: by how much it is reduced from what, and what a unit of it costs.

    A reduction stands beside the lowest price of the 30 days before it, so that nobody raises a price to reduce it.
    """
    said = dict.fromkeys(("percent", "regular", "lowest", "until"), "")
    if variant.regular:
        said["percent"] = f"{variant.percent}%"
        regular = amounts.show(variant.regular, language=language)
        said["regular"] = gettext("Regular price %(price)s") % {"price": regular}
    if variant.regular and variant.lowest is not None:
        lowest = amounts.show(variant.lowest, language=language)
        said["lowest"] = gettext("Lowest price of the 30 days before: %(price)s") % {"price": lowest}
    if variant.until:
        end = formats.date_format(timezone.localtime(variant.until), "SHORT_DATETIME_FORMAT")
        said["until"] = gettext("Until %(moment)s") % {"moment": end}
    unit = units.unit_price(
        price=variant.price, content=variant.content, unit=variant.content_unit, language=language
    )
    return {**said, "unit": unit}


def counts_units(product: ProductView) -> bool:
    """Return whether the page says of a variant how many units are left: a number that every order changes."""
    return any(
        not variant.sold_out and (variant.supply.on_shelf <= FEW or variant.supply.to_come)
        for variant in product.variants
    )


def stock_note(variant: VariantView) -> str:
    """Return what a shopper should know of the stock; nothing when there is plenty."""
    supply = variant.supply
    if variant.sold_out:
        return gettext("Sold out")
    if not supply.on_shelf:
        return " · ".join(filter(None, (later(variant), _few(supply.to_come))))
    if supply.to_come and supply.on_shelf <= FEW:
        return gettext("%(count)d ready to ship. Further ones: %(sent)s") % {
            "count": supply.on_shelf,
            "sent": stock_words.sent(ships_on=supply.ships_on),
        }
    return _few(supply.on_shelf)


def later(variant: VariantView) -> str:
    """Return when the variant is sent if none of it is here yet; nothing when it ships at once or is sold out."""
    waits = not variant.sold_out and not variant.supply.on_shelf
    return stock_words.sent(ships_on=variant.supply.ships_on) if waits else ""


def _few(units: int) -> str:
    if units > FEW:
        return ""
    return ngettext("Only %(count)d left", "Only %(count)d left", units) % {"count": units}


def pictures_first(product: ProductView) -> tuple[Picture, ...]:
    """Return the pictures, the one of the selected variant first: right without any script."""
    wanted = product.selected.picture if product.selected else ""
    return tuple(sorted(product.pictures, key=lambda picture: bool(wanted) and picture.name != wanted))


def _values(product: ProductView, place: int) -> tuple[Value, ...]:
    labels = dict.fromkeys(variant.options[place] for variant in product.variants)
    targets = [(label, _closest(product, place, label)) for label in labels]
    return tuple(
        Value(label=label, sku=target.sku, sold_out=target.sold_out, selected=target.selected)
        for label, target in targets
    )


def _closest(product: ProductView, place: int, label: str) -> VariantView:
    chosen = product.selected.options if product.selected else ()
    having = [variant for variant in product.variants if variant.options[place] == label]
    return max(having, key=lambda variant: (_shared(variant.options, chosen), not variant.sold_out))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(left == right for left, right in zip(one, other, strict=False))
