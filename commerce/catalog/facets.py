"""What a listing can be narrowed by, and how many products each choice would leave.

Products and variants know their values by number (`projecting`), so counting reads two narrow tables. The counts of
the whole listing are kept for a moment; a narrowed one is counted by one further statement over what fits.
"""

import json
import logging
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from commerce import copies
from commerce.catalog.asking import BANDS, Asked
from commerce.catalog.models import Product
from commerce.catalog.projecting import REDUCED
from commerce.catalog.shapes import DEFAULT_LANGUAGE
from commerce.near import Near

logger = logging.getLogger(__name__)
SECONDS = 60  # so old the counts of a whole listing may be: orders change them without a fact
_IN_STOCK = "(s.on_hand + s.backorder_limit > s.reserved + s.owed) IS TRUE"
_STOCK = "LEFT JOIN commerce_stockitem s ON s.variant_id = v.variant_id"
_BELOW = """{product} IN (
        SELECT link.product_id FROM commerce_product_categories link
        JOIN commerce_category c ON c.id = link.category_id
        WHERE c.listed AND (c.path = %s OR starts_with(c.path, %s)))"""
_WHOLE = f"""
WITH counted AS (
    SELECT one.number, avg(one.place)::float AS place, count(*) AS having
    FROM commerce_productfacets f, unnest(f.every, f.places) AS one(number, place)
    WHERE {{products}} GROUP BY 1
)
SELECT coalesce(d.facet, ''), coalesce(d.value, ''), d.names, d.labels, counted.number, counted.place, counted.having
FROM counted LEFT JOIN commerce_facetvalue d ON d.id = counted.number
UNION ALL
SELECT 'every', '', NULL, NULL, 0, 0, count(*) FROM commerce_productfacets f WHERE {{products}}
UNION ALL
SELECT 'here', '', NULL, NULL, 0, 0, count(*) FROM (
    SELECT FROM commerce_variantfacets v {_STOCK} WHERE {_IN_STOCK} AND {{variants}} GROUP BY v.product_id) AS ones
"""
# A variant's `ok` has a bit for each count that it takes part in: 1 when it misses no facet, 2, 4, … when it misses at
# most the first, the second, … The counts of a facet leave its own choices aside, as those are alternatives.
_FITTING = """
WITH judged AS MATERIALIZED (
    SELECT product_id, own, {ok} AS ok FROM (
        SELECT v.product_id, v.own, {here} AS here, {missed} AS missed
        FROM commerce_variantfacets v {joins} WHERE {where}
    ) AS each
), products AS (
    SELECT product_id, bit_or(ok) AS ok FROM judged WHERE ok <> 0 GROUP BY 1
), pairs AS (
    SELECT product_id, number, bit_or(ok) AS ok FROM judged, unnest(own) AS one(number) WHERE ok <> 0 GROUP BY 1, 2
)
SELECT number, {counts} FROM (
    SELECT number, ok FROM pairs
    UNION ALL
    SELECT number, ok FROM products JOIN commerce_productfacets USING (product_id), unnest(shared) AS one(number)
) AS every GROUP BY 1
UNION ALL
SELECT 0, {counts} FROM products
"""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: how many products have it, and how many of them would be left by choosing it."""

    key: str  # "색상:백자"
    label: str
    having: int
    count: int
    numbers: tuple[int, ...] = ()  # of its spellings


@dataclass(frozen=True, slots=True)
class Option:
    """Something by which products differ, with its values in their usual order."""

    label: str
    values: tuple[Value, ...]
    facet: str = ""  # "option:색상", "attribute:material", "brand"

    @property
    def name(self) -> str:
        """Return the parameter of an address that asks for it."""
        return self.facet.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Counted:
    """A listing in numbers of products."""

    every: int  # in the listing, whatever is asked
    fitting: int  # what is asked
    in_stock: int  # of those that fit otherwise
    bands: dict[int, int]  # by their place in BANDS
    facets: tuple[Option, ...] = ()  # what most products have comes first
    reduced: int = 0  # of those that fit otherwise

    @property
    def options(self) -> tuple[Option, ...]:
        """Return the options of variants: colour, size."""
        return tuple(one for one in self.facets if one.name == "option")

    def known(self, name: str) -> Iterable[str]:
        """Return every value of the listing that a parameter may ask for."""
        return (value.key for facet in self.facets if facet.name == name for value in facet.values)


_near: Near[Counted] = Near(most=500)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A facet of which something is asked."""

    facet: str
    condition: str  # SQL
    values: list[Any]


def count(*, path: str, asked: Asked, language: str) -> Counted:
    """Return the numbers of the category at `path` ("" for all) and below it.

    Those of a whole listing are kept as long as copies of pages are, but at most `SECONDS`; what is narrowed is
    counted by one further statement, which a process does not ask again for as long.
    """
    key = (copies.version(), language, path, asked)
    whole = _whole(path, language)
    judged = _judged(asked, whole)
    if not judged:
        return whole
    if near := _near.get(key):
        return near
    found = _narrowed(whole, judged, path)
    if router.db_for_read(Product) == DEFAULT_DB_ALIAS:  # what is kept must be as new as its version
        _near.keep(key, found, seconds=settings.PAGE_COPIES_NEAR and SECONDS)
    return found


def narrowed(products: QuerySet[Product], *, asked: Asked, counted: Counted) -> QuerySet[Product]:
    """Return those products of which a variant on sale has all that is asked for; `counted` knows the values."""
    judged = _judged(asked, counted)
    if not judged:
        return products
    conditions = " AND ".join(one.condition for one in judged)
    values = [value for one in judged for value in one.values]
    rows = f"SELECT v.product_id FROM commerce_variantfacets v {_joins(judged)} WHERE {conditions}"
    return products.filter(pk__in=RawSQL(rows, values))  # noqa: S611  # constants


def _whole(path: str, language: str) -> Counted:
    key = f"facets:at:{copies.version()}:{language}:{path}"
    if near := _near.get(key):
        return near
    now = time.time()
    at, found = _find(key) or (now, None)
    if found is None:  # what is kept must be as new as its version: it is not read from a replica
        found = _count(path, language, database=DEFAULT_DB_ALIAS)
        _keep(key, (now, found))
    _near.keep(key, found, seconds=settings.PAGE_COPIES_NEAR and at + SECONDS - now)
    return found


def _find(key: str) -> tuple[float, Counted] | None:
    try:
        found: tuple[float, Counted] | None = cache.get(key)
    except Exception:  # noqa: BLE001  # whatever the cache's driver raises: it is counted anew
        return None
    return found


def _keep(key: str, counted: tuple[float, Counted]) -> None:
    try:
        cache.set(key, counted, SECONDS)
    except Exception:  # noqa: BLE001  # whatever the cache's driver raises: the next shopper waits as long
        logger.warning("the cache is away: %s is not kept", key)


def _count(path: str, language: str, *, database: str) -> Counted:
    below = [path, f"{path}/"] if path else []
    statement = _WHOLE.format(
        products=_BELOW.format(product="f.product_id") if path else "true",
        variants=_BELOW.format(product="v.product_id") if path else "true",
    )
    with connections[database].cursor() as cursor:
        cursor.execute(statement, below * 3)
        return _counted(cursor.fetchall(), language)


def _counted(rows: list[tuple[Any, ...]], language: str) -> Counted:
    groups: dict[str, list[tuple[Any, ...]]] = {}
    fixed: dict[int, int] = {}
    numbers = {"every": 0, "here": 0}
    for row in rows:
        if row[2] is None and row[0] in numbers:
            numbers[row[0]] = row[6]
        elif row[4] < 0:
            fixed[row[4]] = row[6]
        elif row[0]:
            groups.setdefault(row[0], []).append(row)
    common = sorted(groups.items(), key=lambda item: (-sum(row[6] for row in item[1]), item[0]))
    return Counted(
        every=numbers["every"],
        fitting=numbers["every"],
        in_stock=numbers["here"],
        bands=_bands(fixed),
        facets=tuple(_option(facet, rows, language) for facet, rows in common),
        reduced=fixed.get(REDUCED, 0),
    )


def _bands(numbers: dict[int, int]) -> dict[int, int]:
    return {place: numbers[-1 - place] for place in range(len(BANDS)) if -1 - place in numbers}


def _option(facet: str, rows: list[tuple[Any, ...]], language: str) -> Option:
    """Return a facet as most products call it.

    Its values are in the order that they have within products, those of one place in that of the alphabet.
    """
    _kind, _colon, code = facet.partition(":")
    spelt: dict[str, list[tuple[Any, ...]]] = {}
    names: Counter[str] = Counter()
    for row in rows:
        spelt.setdefault(row[1], []).append(row)
        names[_word(row[2], language)] += row[6]
    values = []
    for value, spellings in spelt.items():
        having = sum(row[6] for row in spellings)
        place = sum(row[5] * row[6] for row in spellings) / having
        label = _word(max(spellings, key=lambda row: row[6])[3], language) or value
        key = f"{code}:{value}" if code else value
        found = Value(key, label, having, having, tuple(row[4] for row in spellings))
        values.append((round(place, 1), label, found))
    ordered = tuple(found for _place, _label, found in sorted(values, key=lambda one: one[:2]))
    return Option(label=names.most_common(1)[0][0], values=ordered, facet=facet)


def _word(words: Any, language: str) -> str:
    words = words if isinstance(words, dict) else json.loads(words or "{}")
    return words.get(language) or words.get(DEFAULT_LANGUAGE) or ""


def _judged(asked: Asked, whole: Counted) -> list[_Judged]:
    """Return the facets of which something is asked, each with the condition that a variant must meet."""
    own, shared = "v.own && %s::int[]", "f.shared && %s::int[]"
    judged = []
    if asked.prices:
        judged.append(_Judged("price", own, [[-1 - _place(key) for key in asked.prices]]))
    for name, keys in asked.groups.items():
        for facet in whole.facets:
            wanted = [n for value in facet.values if value.key in keys for n in value.numbers]
            if facet.name == name and wanted:
                judged.append(_Judged(facet.facet, own if name == "option" else shared, [wanted]))
    if asked.reduced:
        judged.append(_Judged("sale", own, [[REDUCED]]))
    if asked.in_stock:
        judged.append(_Judged("stock", _IN_STOCK, []))
    return judged


def _place(key: str) -> int:
    return next(place for place, band in enumerate(BANDS) if band.key == key)


def _joins(judged: list[_Judged], *, stock: bool = False) -> str:
    joins = []
    if any(one.condition.startswith("f.") for one in judged):
        joins.append("JOIN commerce_productfacets f ON f.product_id = v.product_id")
    if stock or any(one.facet == "stock" for one in judged):
        joins.append(_STOCK)
    return " ".join(joins)


def _narrowed(whole: Counted, judged: list[_Judged], path: str) -> Counted:
    """Count what fits. Of a single facet its own counts are those of the whole listing: only what fits is read."""
    alone = len(judged) == 1
    bits = {one.facet: 1 if alone else 2 << place for place, one in enumerate(judged)}
    here = 2 << len(judged)
    missed = " + ".join(f"CASE WHEN {one.condition} THEN 0 ELSE {bits[one.facet]} END" for one in judged)
    every = 1 + (0 if alone else sum(bits.values()))
    misses = "" if alone else " ".join(f"WHEN {bit} THEN {bit}" for bit in bits.values())
    conditions = [one.condition for one in judged] if alone else ["true"]
    conditions += [_BELOW.format(product="v.product_id")] if path else []
    asked = dict.fromkeys([1, *bits.values(), here])
    statement = _FITTING.format(
        ok=f"CASE missed WHEN 0 THEN {every} + CASE WHEN here THEN {here} ELSE 0 END {misses} ELSE 0 END",
        here=_IN_STOCK,
        missed="0" if alone else missed,
        joins=_joins(judged, stock=True),
        where=" AND ".join(conditions),
        counts=", ".join(f"count(*) FILTER (WHERE ok & {bit} <> 0)" for bit in asked),
    )
    values = [value for one in judged for value in one.values]  # once: of the miss, or of the condition
    with connections[router.db_for_read(Product)].cursor() as cursor:
        cursor.execute(statement, [*values, *([path, f"{path}/"] if path else [])])
        found = {row[0]: dict(zip(asked, row[1:], strict=True)) for row in cursor.fetchall()}
    return _merged(whole, found, bits, here=here, alone=judged[0].facet if alone else "")


def _merged(
    whole: Counted, found: dict[int, dict[int, int]], bits: dict[str, int], *, here: int, alone: str
) -> Counted:
    """Put new counts into those of the whole listing; a single facet of which something is asked keeps its own."""

    def counted(facet: str, numbers: Iterable[int]) -> int:
        return sum(found.get(number, {}).get(bits.get(facet, 1), 0) for number in numbers)

    total = found[0]
    bands = {place: counted("price", [-1 - place]) for place in whole.bands}
    facets = tuple(
        facet
        if facet.facet == alone
        else Option(
            facet.label,
            tuple(
                Value(one.key, one.label, one.having, counted(facet.facet, one.numbers), one.numbers)
                for one in facet.values
            ),
            facet.facet,
        )
        for facet in whole.facets
    )
    return Counted(
        every=whole.every,
        fitting=total[1],
        in_stock=total[here],
        bands=whole.bands if alone == "price" else {place: n for place, n in bands.items() if n},
        facets=facets,
        reduced=whole.reduced if alone == "sale" else counted("sale", [REDUCED]),
    )
