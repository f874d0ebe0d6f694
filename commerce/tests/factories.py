"""Things to buy and people who buy them, made by the same services as in the shop."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from commerce.cart import services as carts
from commerce.cart.models import Cart
from commerce.catalog import services as catalog
from commerce.catalog.models import Variant
from commerce.checkout import services as checkout
from commerce.inventory import audit, stockroom
from commerce.inventory.models import Reservation, StockItem
from commerce.orders.models import Order
from commerce.orders.services import Contact

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # noon in Seoul
LATER = NOW + timedelta(minutes=31)  # the time to pay is over
CONTACT = Contact(
    email="hana@example.com",
    name="김하나",
    phone="01012345678",
    recipient_name="김하나",
    recipient_phone="01012345678",
    postcode="03044",
    address1="서울 종로구 효자로 12",
    address2="3층",
)


def product(
    slug: str = "cup",
    *,
    skus: tuple[str, ...] = ("CUP",),
    price: int = 24_000,
    units: int = 5,
    title: tuple[str, str] = ("찻잔", "Tea cup"),
    version: int = 1,
) -> list[Variant]:
    """Put a product on sale in both languages with `units` of each SKU on the shelf; `price` in won."""
    goods = catalog.GoodsPayload(
        slug=slug,
        variants=tuple(
            catalog.VariantPayload(sku=sku, options=({"ko": sku, "en": sku},), price=price) for sku in skus
        ),
    )
    for language, words in zip(("ko", "en"), title, strict=True):
        payload = catalog.ProductPayload(
            key=uuid.uuid5(uuid.NAMESPACE_URL, slug),
            language=language,
            version=version,
            text=catalog.TextPayload(title=words),
            goods=goods if language == "ko" else None,
        )
        catalog.list_product(payload=payload, now=NOW)
    variants = [Variant.objects.get(sku=sku) for sku in skus]
    for variant in variants:
        on_shelf(variant, units)
    return variants


def on_shelf(variant: Variant, units: int) -> None:
    """Let a count find so many units."""
    stockroom.adjust(variant_id=variant.pk, on_hand=units, reason="count", now=NOW)


def withdraw(slug: str = "cup") -> None:
    """Take a product off sale."""
    catalog.withdraw_product(key=uuid.uuid5(uuid.NAMESPACE_URL, slug), language="ko", leads=True, now=NOW)


def cart(*lines: tuple[str, int]) -> Cart:
    """Fill a new cart with units by SKU."""
    found: Cart | None = None
    for sku, quantity in lines:
        found = carts.add(token=found.token if found else None, sku=sku, quantity=quantity, now=NOW)
    assert found is not None
    return found


def place(filled: Cart, *, total: int, **changes: Any) -> Order:
    """Order a cart whose page showed `total` won."""
    arguments: dict[str, Any] = {
        "cart_token": filled.token,
        "shown_total": total,
        "contact": CONTACT,
        "method": "CARD",
        "language": "ko",
        "now": NOW,
    }
    return checkout.place_order(**arguments | changes)


def order(*, quantity: int = 2, price: int = 24_000, units: int = 5, **changes: Any) -> Order:
    """Place an order of `quantity` cups at `price` won, of which `units` were on the shelf."""
    product(price=price, units=units)
    goods = quantity * price
    return place(cart(("CUP", quantity)), total=goods + (0 if goods >= 50_000 else 3_000), **changes)


def shelf(sku: str = "CUP") -> tuple[int, int]:
    """Return how many units are on hand and how many are promised; the ledger must say the same."""
    item = StockItem.objects.get(variant__sku=sku)
    assert audit.doubts() == []
    return item.on_hand, item.reserved


def owed(sku: str = "CUP") -> tuple[int, int]:
    """Return how many units are owed to orders, and how many may be."""
    assert audit.doubts() == []
    item = StockItem.objects.get(variant__sku=sku)
    return item.owed, item.backorder_limit


def to_come(limit: int, *, ships_on: date | None = None, sku: str = "CUP") -> None:
    """Let units of a variant be sold before they are here."""
    variant = Variant.objects.get(sku=sku)
    stockroom.set_terms(
        variant_id=variant.pk, backorder_limit=limit, ships_on=ships_on, reason="kiln", now=NOW
    )


def promises(reference: str) -> list[tuple[str, int, str]]:
    """Return the reservations of an order: SKU, units, state."""
    rows = Reservation.objects.filter(reference=reference).order_by("item__variant__sku")
    return [(row.item.variant.sku, row.quantity, row.state) for row in rows.select_related("item__variant")]
