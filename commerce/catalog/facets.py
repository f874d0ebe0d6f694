"""What a listing can be narrowed by, and how many products each choice would leave: one statement for all of it.

A variant is judged once, by every facet that something is asked of. It counts for a value when it misses none of the
facets, or only that value's own: so the counts of a facet leave its own choices aside, as those are alternatives.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from commerce import copies
from commerce.catalog.asking import BOUNDS, Asked
from commerce.catalog.models import Product
from commerce.catalog.shapes import DEFAULT_LANGUAGE

logger = logging.getLogger(__name__)
SECONDS = 60  # so old the counts of a whole listing may be: orders change them without a fact
_VARIANTS = """
    commerce_variant v JOIN commerce_product p ON p.id = v.product_id
    LEFT JOIN commerce_stockitem s ON s.variant_id = v.id
    WHERE v.active AND p.listed"""
_BELOW = """ AND p.id IN (
        SELECT link.product_id FROM commerce_product_categories link
        JOIN commerce_category c ON c.id = link.category_id
        WHERE c.listed AND (c.path = %s OR starts_with(c.path, %s)))"""
_IN_STOCK = "(s.on_hand + s.backorder_limit > s.reserved + s.owed) IS TRUE"
_PRICED = "width_bucket(v.price, %s::int[]) = ANY(%s::int[])"
_HAVING = f"""EXISTS (
        SELECT FROM jsonb_array_elements(p.option_names) WITH ORDINALITY AS n(name, place)
        WHERE (n.name ->> '{DEFAULT_LANGUAGE}') || ':' || (v.options -> (n.place - 1)::int ->> '{DEFAULT_LANGUAGE}')
            = ANY(%s::text[]))"""
_COUNTS = """
WITH offered AS MATERIALIZED (
    SELECT v.product_id, v.price, v.position, v.options, p.option_names, {in_stock} AS here, {missed} AS missed
    FROM {variants}
), pairs AS (
    SELECT o.product_id, n.name ->> '{default}' AS name, o.options -> (n.place - 1)::int ->> '{default}' AS value,
        min(coalesce(nullif(n.name ->> %s, ''), n.name ->> '{default}')) AS option_label,
        min(coalesce(nullif(o.options -> (n.place - 1)::int ->> %s, ''), o.options -> (n.place - 1)::int ->> '{default}'))
            AS label,
        min(o.position) AS position, bool_or(o.missed <@ ARRAY['option:' || (n.name ->> '{default}')]) AS fits
    FROM offered o, jsonb_array_elements(o.option_names) WITH ORDINALITY AS n(name, place)
    WHERE (o.options -> (n.place - 1)::int ->> '{default}') <> ''
    GROUP BY 1, 2, 3
), bands AS (
    SELECT product_id, width_bucket(price, %s::int[]) AS band, bool_or(missed <@ ARRAY['price']) AS fits
    FROM offered GROUP BY 1, 2
), products AS (
    SELECT product_id, bool_or(here AND missed <@ ARRAY['stock']) AS here, bool_or(missed = '{{}}') AS fits
    FROM offered GROUP BY 1
)
SELECT 'option', name, value, min(option_label), min(label), avg(position)::float, count(*), count(*) FILTER (WHERE fits)
FROM pairs GROUP BY 2, 3
UNION ALL
SELECT 'price', band::text, '', '', '', 0, count(*), count(*) FILTER (WHERE fits) FROM bands GROUP BY 2
UNION ALL
SELECT 'stock', '', '', '', '', 0, count(*), count(*) FILTER (WHERE here) FROM products
UNION ALL
SELECT 'fit', '', '', '', '', 0, count(*), count(*) FILTER (WHERE fits) FROM products
"""


@dataclass(frozen=True, slots=True)
class Value:
    """An option value: how many products have it, and how many of them would be left by choosing it."""

    key: str  # "색상:백자"
    label: str
    having: int
    count: int


@dataclass(frozen=True, slots=True)
class Option:
    """An option by which products differ, with its values in their usual order."""

    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A listing in numbers of products."""

    every: int  # in the listing, whatever is asked
    fitting: int  # what is asked
    in_stock: int  # of those that fit otherwise
    bands: dict[int, int]  # by their place in BANDS
    options: tuple[Option, ...] = ()  # what most products have comes first

    def keys(self) -> Iterable[str]:
        """Return every option value of the listing."""
        return (value.key for option in self.options for value in option.values)


def count(*, path: str, asked: Asked, language: str) -> Counted:
    """Return the numbers of the category at `path` ("" for all) and below it; one statement.

    Those of a listing of which nothing is asked are kept as long as copies of pages are, but at most `SECONDS`.
    """
    if asked != Asked():
        return _count(path, asked, language, database=router.db_for_read(Product))
    key = f"facets:{copies.version()}:{language}:{path}"
    found = _find(key)
    if found is None:  # what is kept must be as new as its version: it is not read from a replica
        found = _count(path, asked, language, database=DEFAULT_DB_ALIAS)
        _keep(key, found)
    return found


def narrowed(products: QuerySet[Product], *, asked: Asked) -> QuerySet[Product]:
    """Return those products of which a variant on sale has all that is asked for."""
    judged = _judged(asked)
    if not judged:
        return products
    conditions = " AND ".join(condition for _facet, condition, _values in judged)
    values = [value for _facet, _condition, values in judged for value in values]
    fitting = RawSQL(f"SELECT v.product_id FROM {_VARIANTS} AND {conditions}", values)  # noqa: S611  # constants
    return products.filter(pk__in=fitting)


def _find(key: str) -> Counted | None:
    try:
        found: Counted | None = cache.get(key)
    except Exception:  # noqa: BLE001  # whatever the cache's driver raises: it is counted anew
        return None
    return found


def _keep(key: str, counted: Counted) -> None:
    try:
        cache.set(key, counted, SECONDS)
    except Exception:  # noqa: BLE001  # whatever the cache's driver raises: the next shopper waits as long
        logger.warning("the cache is away: %s is not kept", key)


def _count(path: str, asked: Asked, language: str, *, database: str) -> Counted:
    judged = _judged(asked)
    misses = ", ".join(f"CASE WHEN NOT ({condition}) THEN %s END" for _facet, condition, _values in judged)
    statement = _COUNTS.format(
        in_stock=_IN_STOCK,
        missed=f"array_remove(ARRAY[{misses}]::text[], NULL)",
        variants=_VARIANTS + (_BELOW if path else ""),
        default=DEFAULT_LANGUAGE,
    )
    values = [value for facet, _condition, values in judged for value in (*values, facet)]
    values += [path, f"{path}/"] if path else []
    with connections[database].cursor() as cursor:
        cursor.execute(statement, [*values, language, language, list(BOUNDS)])
        return _counted(cursor.fetchall())


def _judged(asked: Asked) -> list[tuple[str, str, list[Any]]]:
    """Return the facets of which something is asked: name, condition of SQL and its values."""
    judged: list[tuple[str, str, list[Any]]] = []
    if asked.prices:
        judged.append(("price", _PRICED, [list(BOUNDS), [_place(key) for key in asked.prices]]))
    judged += [(f"option:{name}", _HAVING, [keys]) for name, keys in asked.groups.items()]
    if asked.in_stock:
        judged.append(("stock", _IN_STOCK, []))
    return judged


def _place(key: str) -> int:
    return next(place for place, low in enumerate((0, *BOUNDS)) if key.startswith(f"{low}-"))


def _counted(rows: list[tuple[Any, ...]]) -> Counted:
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        groups.setdefault(row[1] if row[0] == "option" else f":{row[0]}", []).append(row)
    bands = {int(row[1]): row[7] for row in groups.pop(":price", [])}
    (*_words, every, fitting), (*_more, in_stock) = groups.pop(":fit")[0], groups.pop(":stock")[0]
    common = sorted(groups.values(), key=lambda rows: -sum(row[6] for row in rows))
    return Counted(
        every=every, fitting=fitting, in_stock=in_stock, bands=bands, options=tuple(map(_option, common))
    )


def _option(rows: list[tuple[Any, ...]]) -> Option:
    """Return an option as most products call it.

    Its values are in the order that they have within products, those of one place in that of the alphabet.
    """
    ordered = sorted(rows, key=lambda row: (round(row[5], 1), row[4]))
    values = (Value(key=f"{row[1]}:{row[2]}", label=row[4], having=row[6], count=row[7]) for row in ordered)
    names: Counter[str] = Counter()
    for row in rows:
        names[row[3]] += row[6]
    return Option(label=names.most_common(1)[0][0], values=tuple(values))
