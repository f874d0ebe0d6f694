"""Read what lists show of products: everything of a page of them in one statement whose text is made once."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.utils import timezone, translation

from commerce.catalog import badges, bestsellers, prices
from commerce.catalog.making import preorder, word
from commerce.catalog.models import Product
from commerce.catalog.shapes import DEFAULT_LANGUAGE, Card, Picture, Rating
from commerce.inventory.selectors import Supply
from commerce.near import Near

# Django puts the text of such a statement together anew each time, which takes longer than carrying it out; here it
# only does so for the query that chooses. What it brings is one text for each product: see `_card`.
_READ = """
SELECT p.id, json_build_array(
    p.key, p.slug, p.listed_at, p.price_min, p.made_to_order, p.rating_count, p.rating_sum, p.rating_bars,
    p.brand, p.badges, p.pictures -> 0, p.pictures -> 1,
    coalesce(own.title, usual.title), CASE WHEN own.id IS NULL THEN usual.summary ELSE own.summary END,
    (
        SELECT json_agg(json_build_array(
            v.options -> 0, v.price, v.sale_price, v.sale_from, v.sale_until,
            s.on_hand - s.reserved, s.backorder_limit - s.owed, s.ships_on
        ) ORDER BY v.position, v.id)
        FROM commerce_variant v LEFT JOIN commerce_stockitem s ON s.variant_id = v.id
        WHERE v.product_id = p.id AND v.active
    )
)::text
FROM unnest({chosen}) WITH ORDINALITY AS chosen(id, place)
JOIN commerce_product p ON p.id = chosen.id
LEFT JOIN commerce_producttext own ON own.product_id = p.id AND own.language = %s
LEFT JOIN commerce_producttext usual ON usual.product_id = p.id AND usual.language = %s
WHERE own.id IS NOT NULL OR usual.id IS NOT NULL
ORDER BY chosen.place
"""
_LISTED = "ARRAY(SELECT id FROM commerce_product WHERE listed AND key = ANY(%s::uuid[]))"
_DAY = timedelta(days=1)
_made: Near[tuple[datetime, Card, datetime]] = Near(most=4000)  # since when a card is right, and until when
_LONG = 3600  # seconds that a card is at hand


def read(products: QuerySet[Product], *, language: str, now: datetime) -> list[Card]:
    """Return cards for the products of a query, in its order, as they are at a moment; one statement.

    Those that have no words for readers of the language are left out.
    """
    chosen = products.values_list("pk").query
    try:
        query, values = chosen.get_compiler(using=products.db).as_sql()
    except EmptyResultSet:
        return []
    return _cards(f"ARRAY({query})", values, using=products.db, language=language, now=now)


def read_keys(products: Sequence[int], *, language: str, now: datetime) -> list[Card]:
    """Return cards for products that are known by their keys, like `read`; no statement when there are none."""
    if not products:
        return []
    return _cards("%s::bigint[]", (list(products),), using=DEFAULT_DB_ALIAS, language=language, now=now)


def read_known(keys: Sequence[UUID], *, using: str, language: str, now: datetime) -> list[Card]:
    """Return cards for those of the products with these names that are on sale, in any order, like `read`."""
    if not keys:
        return []
    return _cards(_LISTED, (list(keys),), using=using, language=language, now=now)


def _cards(chosen: str, values: Sequence[Any], *, using: str, language: str, now: datetime) -> list[Card]:
    with connections[using].cursor() as cursor:
        cursor.execute(_READ.format(chosen=chosen), [*values, language, DEFAULT_LANGUAGE])
        rows: list[tuple[int, str]] = cursor.fetchall()
    best = bestsellers.top(today=timezone.localdate(now)) if rows else frozenset()
    return [_card(text, language, pk in best, now) for pk, text in rows]


def _card(text: str, language: str, best: bool, now: datetime) -> Card:
    """Return what a row says of a product; the same row says the same until its next moment."""
    key = (text, language, best)
    if kept := _made.get(key):
        since, card, until = kept
        if since <= now < until:
            return card
    with translation.override(language):  # badges are words, whoever asks
        card, until = _read(json.loads(text), language, best, now)
    _made.keep(key, (now, card, until), seconds=_LONG)
    return card


def _read(stored: list[Any], language: str, best: bool, now: datetime) -> tuple[Card, datetime]:
    """Return a card, and until when it is right: prices, promised days and what is new change by themselves."""
    (
        key,
        slug,
        listed,
        price,
        to_order,
        count,
        total,
        bars,
        brand,
        own,
        *pictures,
        title,
        summary,
        offers,
    ) = stored
    today = timezone.localdate(now)
    terms = [_terms(offer) for offer in offers or ()] or [prices.Terms(price)]
    supplies = [_supply(offer, today) for offer in offers or ()]
    listed_at = listed and datetime.fromisoformat(listed)
    costs = [prices.effective(one, now=now) for one in terms]
    cheapest = terms[costs.index(min(costs))]
    edges = [edge for one in terms if (edge := prices.next_edge(one, now=now))]
    front, second = (Picture.of(data or {}, language=language) for data in pictures)
    firsts = dict.fromkeys(word(offer[0], language) for offer in offers or () if offer[0])
    card = Card(
        key=UUID(key),
        slug=slug,
        title=title,
        summary=summary,
        price=min(costs),
        price_varies=max(costs) > min(costs),
        picture=front,
        second_picture=second,
        sold_out=not any(supply.available for supply in supplies),
        options=tuple(firsts),
        rating=Rating(count, total, tuple(bars)),
        regular=cheapest.price if prices.reduced(cheapest, now=now) else 0,
        brand=word(brand, language),
        badges=badges.of(
            listed_at=listed_at,
            made_to_order=to_order,
            reduced=any(prices.reduced(one, now=now) for one in terms),
            best=best,
            preorder=preorder(supplies),
            own=[word(words, language) for words in own],
            now=now,
        ),
        changes_at=min(edges, default=None),
    )
    return card, min(_moments(edges, listed_at, now=now))


def _moments(edges: Sequence[datetime], listed_at: datetime | None, *, now: datetime) -> list[datetime]:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
    aged = [listed_at + badges.NEW] if listed_at and listed_at + badges.NEW > now else []
    return [midnight, *edges, *aged]


def _terms(offer: list[Any]) -> prices.Terms:
    _option, price, sale_price, since, until, *_stock = offer
    return prices.Terms(
        price,
        sale_price,
        since and datetime.fromisoformat(since),
        until and datetime.fromisoformat(until),
    )


def _supply(offer: list[Any], today: date) -> Supply:
    *_price, on_shelf, to_come, ships_on = offer
    if on_shelf is None:
        return Supply(0)
    day = ships_on and date.fromisoformat(ships_on)
    return Supply.now(on_shelf=on_shelf, to_come=to_come, ships_on=day, today=today)
