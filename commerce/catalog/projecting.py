"""Write down by which values each product on sale can be found in a listing, so that counting reads numbers only."""

import json
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from commerce.catalog import indexing
from commerce.catalog.asking import BOUNDS
from commerce.catalog.models import FacetValue, Product, ProductFacets, Variant, VariantFacets
from commerce.catalog.shapes import DEFAULT_LANGUAGE

REDUCED = -100  # numbers below zero need no row: what is reduced, and the price bands from -1 down
BRAND = "brand"
_FACET, _VALUE = 80, 120  # characters that are kept


@dataclass(frozen=True, slots=True)
class Named:
    """A value as a product spells it; names and labels as JSON, so that equal ones are one."""

    facet: str
    value: str
    names: str
    labels: str

    @classmethod
    def of(cls, facet: str, value: str, names: dict[str, str], labels: dict[str, str]) -> "Named":
        """Spell a value."""
        return cls(facet[:_FACET], value[:_VALUE], _text(names), _text(labels))

    @property
    def spelling(self) -> str:
        """Return what tells this spelling from others of the same value."""
        return sha256(f"{self.names}{self.labels}".encode()).hexdigest()[:32]

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what is once in the table of values."""
        return self.facet, self.value, self.spelling


@dataclass(slots=True)
class _Line:
    """What is known of one product: values of all variants, and of each, with their places."""

    shared: list[tuple[Named, int]] = field(default_factory=list)
    own: dict[int, list[tuple[Named, int]]] = field(default_factory=dict)
    fixed: dict[int, list[int]] = field(default_factory=dict)  # price band, reduced


def band(price: int) -> int:
    """Return the number of the price band of a price in won."""
    return -1 - bisect_right(BOUNDS, price)


@transaction.atomic
def project(*, products: Collection[int]) -> int:
    """Write the facet values of products where they differ; those off sale have none. Return how many differed.

    Products are locked in the order of their keys.
    """
    variants = Variant.objects.filter(active=True).only(
        "pk", "product_id", "options", "price", "price_told", "position"
    )
    rows = (
        Product.objects.filter(pk__in=products)
        .only("pk", "listed", "option_names", "brand", "attributes")
        .order_by("pk")
        .select_for_update(no_key=True)
        .prefetch_related(Prefetch("variants", variants, to_attr="on_sale"))
    )
    lines = {row.pk: _line(row) for row in rows if row.listed and row.on_sale}
    numbers = _numbers({named for line in lines.values() for named in _all(line)})
    wanted = {pk: _product(pk, line, numbers) for pk, line in lines.items()}
    each = {
        key: VariantFacets(
            variant_id=key,
            product_id=pk,
            own=[*line.fixed[key], *(numbers[named.key] for named, _place in values)],
        )
        for pk, line in lines.items()
        for key, values in line.own.items()
    }
    return len(_write_products(products, wanted) | _write_variants(products, each))


def project_all() -> int:
    """Write the facet values of all products that differ; return how many. Each batch is a transaction."""
    return sum(project(products=chunk) for chunk in indexing.batches())


def _line(row: Any) -> _Line:
    line = _Line()
    first: dict[
        tuple[str, str], Named
    ] = {}  # a product counts once for a value, however its variants spell it
    if row.brand:
        labels = {key: word for key, word in row.brand.items() if key != "key"}
        line.shared.append((Named.of(BRAND, row.brand["key"], {}, labels), 0))
    for one in row.attributes:
        if facet := one.get("facet"):
            named = Named.of(f"attribute:{one['code']}", facet["value"], one["names"], facet["labels"])
            line.shared.append((named, facet.get("place", 0)))
    for variant in row.on_sale:
        price = variant.price if variant.price_told is None else variant.price_told
        line.fixed[variant.pk] = [band(price), *([REDUCED] if price < variant.price else [])]
        line.own[variant.pk] = [
            (first.setdefault((named.facet, named.value), named), variant.position)
            for named in _options(row.option_names, variant.options)
        ]
    return line


def _options(names: list[dict[str, str]], words: list[dict[str, str]]) -> Iterable[Named]:
    for name, word in zip(names, words, strict=False):
        if (facet := name.get(DEFAULT_LANGUAGE)) and (value := word.get(DEFAULT_LANGUAGE)):
            yield Named.of(f"option:{facet}", value, name, word)


def _all(line: _Line) -> Iterable[Named]:
    yield from (named for named, _place in line.shared)
    yield from (named for values in line.own.values() for named, _place in values)


def _numbers(named: set[Named]) -> dict[tuple[str, str, str], int]:
    """Return the number of each value; those that nobody wrote before get one, in a fixed order."""
    found = _known(named)
    missing = sorted({one.key: one for one in named if one.key not in found}.items())
    if missing:
        FacetValue.objects.bulk_create(
            [
                FacetValue(
                    facet=one.facet,
                    value=one.value,
                    names=json.loads(one.names),
                    labels=json.loads(one.labels),
                    spelling=one.spelling,
                )
                for _key, one in missing
            ],
            ignore_conflicts=True,
        )
        found = _known(named)
    return found


def _known(named: set[Named]) -> dict[tuple[str, str, str], int]:
    spellings = {one.spelling for one in named}
    rows = FacetValue.objects.filter(
        facet__in={one.facet for one in named}, spelling__in=spellings
    ).values_list("facet", "value", "spelling", "pk")
    return {(facet, value, spelling): pk for facet, value, spelling, pk in rows}


def _product(pk: int, line: _Line, numbers: dict[tuple[str, str, str], int]) -> ProductFacets:
    places: dict[int, int] = {}
    for values in line.own.values():
        for named, place in values:
            number = numbers[named.key]
            places[number] = min(places.get(number, place), place)
    shared = {numbers[named.key]: place for named, place in line.shared}
    fixed = {number: 0 for numbers_of in line.fixed.values() for number in numbers_of}
    every = {**places, **shared, **fixed}
    return ProductFacets(
        product_id=pk, shared=list(shared), every=list(every), places=[min(p, 32_000) for p in every.values()]
    )


def _write_products(products: Collection[int], wanted: dict[int, ProductFacets]) -> set[int]:
    known = {row.pk: row for row in ProductFacets.objects.filter(product__in=products)}
    stale = {
        pk: row
        for pk, row in wanted.items()
        if pk not in known
        or (row.shared, row.every, row.places) != (known[pk].shared, known[pk].every, known[pk].places)
    }
    gone = known.keys() - wanted.keys()
    if gone:
        ProductFacets.objects.filter(product__in=gone).delete()
    if stale:
        ProductFacets.objects.bulk_create(
            stale.values(),
            update_conflicts=True,
            unique_fields=["product"],
            update_fields=["shared", "every", "places"],
        )
    return gone | stale.keys()


def _write_variants(products: Collection[int], wanted: dict[int, VariantFacets]) -> set[int]:
    known = {row.pk: row for row in VariantFacets.objects.filter(product__in=products)}
    stale = {
        pk: row
        for pk, row in wanted.items()
        if pk not in known or (row.own, row.product_id) != (known[pk].own, known[pk].product_id)
    }
    gone = known.keys() - wanted.keys()
    if gone:
        VariantFacets.objects.filter(variant__in=gone).delete()
    if stale:
        VariantFacets.objects.bulk_create(
            stale.values(),
            update_conflicts=True,
            unique_fields=["variant"],
            update_fields=["product", "own"],
        )
    return {known[pk].product_id for pk in gone} | {row.product_id for row in stale.values()}


def _text(words: dict[str, str]) -> str:
    return json.dumps(words, ensure_ascii=False, sort_keys=True)
