"""Tell of prices: what each variant cost when, and what changes when the window of a lower price opens or closes."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from commerce.catalog import prices, projecting
from commerce.catalog.models import PriceChange, Product, Variant
from commerce.events import outbox, types

Told = tuple[
    Variant, int | None
]  # a variant, and the price in won of which was told before; None for a new one
_MOVED = f"""
    SELECT DISTINCT v.product_id FROM commerce_variant v JOIN commerce_product p ON p.id = v.product_id
    WHERE v.sale_price IS NOT NULL AND v.active AND p.listed AND coalesce(v.price_told, v.price) <> {prices.SQL}
    ORDER BY v.product_id
"""


def settle(*, now: datetime) -> int:
    """Tell of the prices that a window moved, each product in a transaction of its own; return how many products.

    What shoppers pay follows the clock by itself (`prices.effective`): this brings lists, filters, the history of
    prices and kept copies of pages after it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [now, now])
        moved = [row[0] for row in cursor.fetchall()]
    return sum(_settle(pk, now=now) for pk in moved)


def told(variant: Variant) -> int | None:
    """Return the price of a stored variant of which was told; None for one that is not stored yet."""
    if variant.pk is None:
        return None
    return variant.price if variant.price_told is None else variant.price_told


def window(terms: prices.Priced) -> tuple[int | None, datetime | None, datetime | None]:
    """Return the lower price with its window; no window without one."""
    if terms.sale_price is None:
        return None, None, None
    return terms.sale_price, terms.sale_from, terms.sale_until


def remember(told: Iterable[Told], *, at: datetime | None = None, now: datetime) -> None:
    """Write what changed into the history: as of `at`, or else of the moment at which a window moved each."""
    PriceChange.objects.bulk_create(
        PriceChange(
            variant=row,
            price=row.price_told or row.price,
            regular=row.price,
            at=at or prices.last_edge(row, now=now) or now,
        )
        for row, before in told
        if row.price_told != before
    )


def facts(told: Iterable[Told], *, product_key: UUID, now: datetime) -> list[types.ProductRepriced]:
    """Return a fact for each variant that was known and costs something else."""
    return [
        types.ProductRepriced(
            product_key=product_key,
            sku=row.sku,
            price_before=before,
            price_after=row.price_told or row.price,
            occurred_at=now,
        )
        for row, before in told
        if before is not None and row.price_told != before
    ]


@transaction.atomic
def _settle(pk: int, *, now: datetime) -> bool:
    product = Product.objects.select_for_update(no_key=True).filter(pk=pk, listed=True).first()
    if product is None:
        return False
    rows = list(product.variants.select_for_update(no_key=True).filter(active=True).order_by("pk"))
    moved = [(row, told(row)) for row in rows]
    for row in rows:
        row.price_told = prices.effective(row, now=now)
    changed = [(row, before) for row, before in moved if row.price_told != before]
    if not changed:
        return False
    Variant.objects.bulk_update([row for row, _before in changed], ["price_told"])
    costs = [row.price_told or row.price for row in rows]
    product.price_min, product.price_max = min(costs), max(costs)
    product.save(update_fields=["price_min", "price_max"])
    projecting.project(products=[pk])
    remember(changed, now=now)
    outbox.record_all(facts(changed, product_key=product.key, now=now))
    return True
