"""What pages read of a cart."""

import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from commerce import rows
from commerce.cart.models import Cart
from commerce.catalog import prices

# Everything that a quote needs, in one read: a cart is priced by every page of the order and once more while
# its row is locked. A variant without stock is sold out; units kept for a line are there for it.
_LINES = f"""
    SELECT l.variant_id, v.sku, p.slug, v.active AND p.listed, {prices.SQL}, l.price_shown, l.quantity,
           coalesce(s.on_hand - s.reserved, 0) + coalesce(h.quantity, 0), coalesce(s.backorder_limit - s.owed, 0), s.ships_on,
           CASE WHEN h.id IS NULL THEN '' ELSE l.hold END, v.options, v.picture, p.pictures,
           (SELECT jsonb_object_agg(t.language, t.title) FROM commerce_producttext t WHERE t.product_id = p.id)
    FROM commerce_cart c
    JOIN commerce_cartline l ON l.cart_id = c.id
    JOIN commerce_variant v ON v.id = l.variant_id
    JOIN commerce_product p ON p.id = v.product_id
    LEFT JOIN commerce_stockitem s ON s.variant_id = v.id
    LEFT JOIN commerce_reservation h
        ON l.hold <> '' AND h.item_id = s.id AND h.reference = l.hold AND h.state = 'held' AND h.owed = 0
    WHERE c.token = %s AND c.ordered_at IS NULL
    ORDER BY l.added_at, l.id
"""
_UNITS = """
    SELECT coalesce(sum(l.quantity), 0) FROM commerce_cart c JOIN commerce_cartline l ON l.cart_id = c.id
    WHERE c.token = %s AND c.ordered_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as stored, with what is known of its goods; prices in won per unit."""

    variant_id: int
    sku: str
    slug: str
    for_sale: bool
    price: int
    price_shown: int  # what the shopper saw when it was put in
    quantity: int
    on_shelf: int
    to_come: int
    ships_on: date | None
    hold: str  # the reference under which units are kept for this line; they are part of `on_shelf`
    options: list[dict[str, str]]
    picture: str  # the variant's own, by name
    pictures: list[dict[str, Any]]
    titles: dict[str, str]  # by language


def count(*, token: uuid.UUID | None) -> int:
    """Return how many units lie in the cart."""
    if token is None:
        return 0
    with connection.cursor() as cursor:  # every page asks
        cursor.execute(_UNITS, [token])
        return int(cursor.fetchone()[0])


def token_of(*, customer_id: int) -> uuid.UUID | None:
    """Return the token of a customer's open cart."""
    rows = Cart.objects.filter(customer_id=customer_id, ordered_at=None)
    return rows.values_list("token", flat=True).first()


def find(*, token: uuid.UUID | None) -> Cart | None:
    """Return the open cart with that token."""
    return Cart.objects.filter(token=token, ordered_at=None).first() if token else None


def lines(*, token: uuid.UUID | None, now: datetime) -> list[RawLine]:
    """Return the lines of an open cart at the prices of a moment, in the order in which they were added; one query."""
    if token is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [now, now, token])
        return [_raw(row) for row in cursor.fetchall()]


def locked(*, token: uuid.UUID, now: datetime) -> rows.Question[tuple[Cart | None, list[RawLine]]]:
    """Lock a cart, ordered or not, and read its lines as they are under the lock; None when there is no such cart."""

    def answer(brought: list[rows.Rows]) -> tuple[Cart | None, list[RawLine]]:
        carts = rows.made(Cart, brought[0])
        return carts[0] if carts else None, [_raw(row) for row in brought[1]]

    cart = rows.selection(Cart, "token = %s FOR UPDATE", token)
    return rows.Question((cart, (_LINES, [now, now, token])), answer)


def _raw(row: tuple[Any, ...]) -> RawLine:
    options, picture, pictures, titles = row[11:]
    words = json.loads(titles or "{}")
    return RawLine(*[*row[:11], json.loads(options), picture, json.loads(pictures), words])
