"""What the shop knows of listed pages, read with two queries for a whole list."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from commerce.catalog.models import Product
from commerce.inventory.models import StockItem
from commerce.money import amounts


@dataclass(frozen=True, slots=True)
class Facts:
    """A product as the shop has it; empty for one that never was on sale."""

    thumbnail: str = ""
    skus: int = 0
    price: str = ""
    available: int | None = None
    languages: str = ""


def attach(pages: Iterable[Any]) -> None:
    """Give each product page its `facts`."""
    rows = list(pages)
    keys = [page.translation_key for page in rows]
    products = {
        product.key: product for product in Product.objects.filter(key__in=keys).prefetch_related("texts")
    }
    items = defaultdict(list)
    stock = StockItem.objects.filter(variant__product__in=products.values(), variant__active=True)
    for item in stock.select_related("variant"):
        items[item.variant.product_id].append(item)
    for page in rows:
        product = products.get(page.translation_key)
        page.facts = _facts(product, items[product.pk]) if product else Facts()


def _facts(product: Product, items: list[StockItem]) -> Facts:
    low, high = amounts.show(product.price_min), amounts.show(product.price_max)
    return Facts(
        thumbnail=_smallest(product.pictures[0]) if product.pictures else "",
        skus=len(items),
        price=low if low == high else f"{low} – {high}",
        available=sum(max(item.available, 0) for item in items),
        languages=" · ".join(sorted((text.language for text in product.texts.all()), reverse=True)),
    )


def _smallest(picture: dict[str, Any]) -> str:
    return str(picture.get("srcset") or picture["url"]).split(" ", 1)[0]
