"""Thousands of things to buy and guests with full carts, each known by a number, written in a few statements.

Numbers have nine digits everywhere, so that one can be found and replaced in the text of a statement.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from commerce.cart.models import Cart, CartLine
from commerce.catalog.models import Product, ProductText, Variant
from commerce.inventory.models import StockItem

GOODS, CARTS = 700_000_000, 900_000_000  # the first number of each
PRICE, UNITS = 60_000, 1_000_000  # won: delivery is free; more units than anybody will order
_APART = 7919  # a prime: neighbouring carts hold goods that are far apart
_WRITTEN = (
    "commerce_cart, commerce_order, commerce_payment, commerce_product, commerce_variant, commerce_stockitem, "
    "commerce_outboxevent, workers_delivery"
)


def put_on_shelf(*, rows: int, now: datetime) -> None:
    """Put `rows` products of one variant each on sale."""
    numbers = range(GOODS, GOODS + rows)
    Product.objects.bulk_create(
        (
            Product(
                pk=number,
                key=uuid.UUID(int=number),
                slug=f"bench-{number}",
                listed=True,
                listed_at=now,
                price_min=PRICE,
                price_max=PRICE,
            )
            for number in numbers
        ),
        batch_size=1000,
    )
    ProductText.objects.bulk_create(
        (
            ProductText(product_id=number, language=language, title=title)
            for number in numbers
            for language, title in (("ko", "찻잔"), ("en", "Tea cup"))
        ),
        batch_size=1000,
    )
    Variant.objects.bulk_create(
        (Variant(pk=number, product_id=number, sku=f"BENCH{number}", price=PRICE) for number in numbers),
        batch_size=1000,
    )
    StockItem.objects.bulk_create(
        (StockItem(pk=number, variant_id=number, on_hand=UNITS) for number in numbers), batch_size=1000
    )


def fill_carts(*, numbers: Iterable[int], rows: int, now: datetime) -> None:
    """Give each number a cart with one unit of something, of `rows` things."""
    wanted = list(numbers)
    Cart.objects.bulk_create(
        (Cart(pk=number, token=token(number), created_at=now, changed_at=now) for number in wanted),
        batch_size=1000,
    )
    CartLine.objects.bulk_create(
        (
            CartLine(
                cart_id=number, variant_id=held(number, rows), quantity=1, price_shown=PRICE, added_at=now
            )
            for number in wanted
        ),
        batch_size=1000,
    )


def held(cart: int, rows: int) -> int:
    """Return the number of what lies in a cart."""
    return GOODS + cart * _APART % rows


def token(cart: int) -> uuid.UUID:
    """Return the cart's token: its number again, digit by digit."""
    return uuid.UUID(f"{cart:032d}")


def settle() -> None:
    """Let PostgreSQL know what its tables hold by now."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def forget() -> None:
    """Remove everything that this module and orders wrote."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {_WRITTEN} RESTART IDENTITY CASCADE")
