"""What pages read of wishlists."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce.catalog import selectors as catalog
from commerce.catalog.models import Variant
from commerce.catalog.shapes import Card
from commerce.wishlist.models import Wishlist, WishlistItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A product of a list: its card, or only its name when it is not sold any more."""

    slug: str
    card: Card | None
    only_sku: str = ""  # of a product with one variant, which can go into the cart at once


def find(*, token: uuid.UUID | None, customer_id: int | None) -> Wishlist | None:
    """Return the list of a customer, or of the browser that knows its token; a customer's opens to no token."""
    if customer_id:
        return Wishlist.objects.filter(customer=customer_id).first()
    return Wishlist.objects.filter(token=token, customer=None).first() if token else None


def slugs(*, token: uuid.UUID | None, customer_id: int | None) -> frozenset[str]:
    """Return the addresses of what is on a list, in one query: hearts are drawn from it."""
    rows = WishlistItem.objects.all()
    if customer_id:
        rows = rows.filter(wishlist__customer=customer_id)
    elif token:
        rows = rows.filter(wishlist__token=token, wishlist__customer=None)
    else:
        return frozenset()
    return frozenset(rows.values_list("product__slug", flat=True))


def wishes(*, wishlist: Wishlist | None, language: str, now: datetime) -> list[Wish]:
    """Return what is on a list, the newest first, at the prices of a moment."""
    if wishlist is None:
        return []
    rows: list[Any] = list(wishlist.items.values("product_id", "product__slug"))
    found = {
        card.slug: card
        for card in catalog.by_slugs(slugs=[row["product__slug"] for row in rows], language=language, now=now)
    }
    single = _single([row["product_id"] for row in rows])
    return [
        Wish(
            slug=row["product__slug"],
            card=found.get(row["product__slug"]),
            only_sku=single.get(row["product_id"], ""),
        )
        for row in rows
    ]


def _single(products: list[int]) -> dict[int, str]:
    skus: dict[int, list[str]] = {}
    for product, sku in Variant.objects.filter(product__in=products, active=True).values_list(
        "product_id", "sku"
    ):
        skus.setdefault(product, []).append(sku)
    return {product: names[0] for product, names in skus.items() if len(names) == 1}
