"""Goods for feeds."""

import uuid
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

from commerce.catalog import prices
from commerce.catalog import services as catalog
from commerce.catalog.models import Variant
from commerce.feeds import google
from commerce.feeds.shapes import Delivery, Goods, Item, Shop
from commerce.inventory.selectors import Supply
from commerce.tests.factories import NOW, on_shelf

BASE = "https://shop.example"
G = "{http://base.google.com/ns/1.0}"


def picture(name: str, path: str) -> dict[str, Any]:
    return {"name": name, "url": path, "width": 800, "height": 800, "alt": {"ko": name}}


def jar(**changes: Any) -> None:
    """Put a jar with two variants on sale, with everything that feeds tell."""
    shelf, below = uuid.uuid4(), uuid.uuid4()
    for key, path, parent, titles in (
        (shelf, "tableware", None, ("식기", "Tableware")),
        (below, "tableware/jars", shelf, ("항아리", "Jars")),
    ):
        for language, title in zip(("ko", "en"), titles, strict=True):
            text = catalog.TextPayload(title=title)
            row = catalog.CategoryPayload(
                key=key,
                language=language,
                version=1,
                text=text,
                path=path,
                parent=parent,
                leads=language == "ko",
            )
            catalog.list_category(payload=row, now=NOW)
    facts: dict[str, Any] = {
        "slug": "moon-jar",
        "option_names": ({"ko": "유약", "en": "Glaze"},),
        "variants": (
            catalog.VariantPayload(
                sku="JAR-W", options=({"ko": "백자", "en": "White"},), price=90_000, picture="white"
            ),
            catalog.VariantPayload(
                sku="JAR-C",
                options=({"ko": "청자", "en": "Celadon"},),
                price=40_000,
                picture="celadon",
                sale_price=30_000,
                sale_from=NOW - timedelta(days=1),
                sale_until=NOW + timedelta(days=2),
            ),
        ),
        "pictures": (picture("white", "/media/jar 1.webp"), picture("celadon", "https://cdn.example/c.webp")),
        "categories": (shelf, below),
        "brand": {"key": "heulkbit", "ko": "흙빛", "en": "Heulkbit"},
        "notice": "other",
        "badges": ({"ko": "손으로 빚음", "en": "Made by hand"},),
    }
    words = {
        "ko": catalog.TextPayload(
            title="달항아리 <큰>",
            summary="백자\t달항아리\x0b",
            body="<p>둥근</p><p>항아리 &amp; 뚜껑</p><script>alert(1)</script>",
            notice={"maker": "흙빛 공방", "origin": "대한민국"},
        ),
        "en": catalog.TextPayload(title="Moon jar", summary="A white jar"),
    }
    for language in ("ko", "en"):
        payload = catalog.ProductPayload(
            key=uuid.UUID(int=7),
            language=language,
            version=1,
            text=words[language],
            goods=catalog.GoodsPayload(**facts | changes) if language == "ko" else None,
        )
        catalog.list_product(payload=payload, now=NOW)
    on_shelf(Variant.objects.get(sku="JAR-W"), 3)
    on_shelf(Variant.objects.get(sku="JAR-C"), 1)


def shop(language: str = "ko", **changes: Any) -> Shop:
    facts: dict[str, Any] = {
        "brand": "마루",
        "home": f"{BASE}/",
        "language": language,
        "now": NOW,
        "delivery": Delivery(name="택배", fee=3_000, free_from=50_000),
        "points_percent": 0,
    }
    return Shop(**facts | changes)


def text(lines: Any) -> str:
    return "".join(part for part, _count in lines)


def item(**changes: Any) -> Item:
    facts: dict[str, Any] = {
        "pk": 5,
        "sku": "CUP",
        "label": "",
        "price": 24_000,
        "terms": prices.Terms(24_000),
        "supply": Supply(2),
        "picture": "",
        "barcode": "",
    }
    return Item(**facts | changes)


def goods(*items: Item, **changes: Any) -> Goods:
    facts: dict[str, Any] = {
        "key": "k",
        "link": f"{BASE}/p/cup/",
        "title": "찻잔",
        "description": "찻잔",
        "brand": "",
        "maker": "",
        "origin": "",
        "pictures": (f"{BASE}/1.webp",),
        "shelves": ("식기",),
        "items": items or (item(),),
        "reviews": 0,
        "badges": (),
        "made_to_order": False,
    }
    return Goods(**facts | changes)


def facts(one: Item, **changes: Any) -> dict[str, str]:
    found = text(google.lines(goods=[goods(one, **changes)], shop=shop()))
    (entry,) = ElementTree.fromstring(found).findall("channel/item")
    return {element.tag.removeprefix(G): element.text or "" for element in entry}
