"""A shop with something to narrow, and what its listings show."""

import re
import uuid
from collections.abc import Iterable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.test import Client

from commerce.catalog import services
from commerce.catalog.models import Variant
from commerce.tests.factories import NOW, on_shelf

WHITE, CELADON, SMALL, LARGE = ("백자", "White"), ("청자", "Celadon"), ("소", "Small"), ("대", "Large")
COLOUR, SIZE = ("색상", "Colour"), ("크기", "Size")
TABLEWARE, BOWLS = uuid.UUID(int=1), uuid.UUID(int=2)
Words = tuple[str, str]


def words(pairs: Iterable[Words]) -> tuple[dict[str, str], ...]:
    """Return words in both languages as the catalog keeps them."""
    return tuple({"ko": korean, "en": english} for korean, english in pairs)


def shelf(key: uuid.UUID, path: str, title: Words, parent: uuid.UUID | None = None) -> None:
    """Show a category in both languages."""
    for language, text in zip(("ko", "en"), title, strict=True):
        payload = services.CategoryPayload(
            key=key,
            language=language,
            version=1,
            text=services.TextPayload(title=text),
            path=path,
            parent=parent,
            leads=language == "ko",
        )
        services.list_category(payload=payload, now=NOW)


def goods(
    slug: str,
    *variants: tuple[tuple[Words, ...], int, int],
    options: tuple[Words, ...] = (),
    shelves: tuple[uuid.UUID, ...] = (TABLEWARE,),
    rank: int = 0,
    days: int = 0,
) -> None:
    """Put a product on sale; a variant is its option values, price in won and units on the shelf."""
    skus = [f"{slug.upper()}-{place}" for place in range(len(variants))]
    payload = services.GoodsPayload(
        slug=slug,
        option_names=words(options),
        variants=tuple(
            services.VariantPayload(sku=sku, options=words(values), price=price)
            for sku, (values, price, _units) in zip(skus, variants, strict=True)
        ),
        categories=shelves,
        rank=rank,
    )
    for language in ("ko", "en"):
        product = services.ProductPayload(
            key=uuid.uuid5(uuid.NAMESPACE_URL, slug),
            language=language,
            version=1,
            text=services.TextPayload(title=f"{slug} {language}"),
            goods=payload if language == "ko" else None,
        )
        services.list_product(payload=product, now=NOW + timedelta(days=days))
    for sku, (_values, _price, units) in zip(skus, variants, strict=True):
        if units:
            on_shelf(Variant.objects.get(sku=sku), units)


@pytest.fixture(autouse=True)
def shop() -> None:
    """Four products on two shelves, recommended in this order.

    jar: white small 40,000 (5) · white large 120,000 (0) · celadon small 45,000 (5)
    bowl: white small 9,000 (0) · celadon large 12,000 (3)      cup: celadon 8,000 (5), by colour alone
    lamp: 300,000 (1), without options
    """
    shelf(TABLEWARE, "tableware", ("식기", "Tableware"))
    shelf(BOWLS, "tableware/bowls", ("그릇", "Bowls"), parent=TABLEWARE)
    goods(
        "jar",
        ((WHITE, SMALL), 40_000, 5),
        ((WHITE, LARGE), 120_000, 0),
        ((CELADON, SMALL), 45_000, 5),
        options=(COLOUR, SIZE),
        rank=4,
        days=1,
    )
    goods(
        "bowl",
        ((WHITE, SMALL), 9_000, 0),
        ((CELADON, LARGE), 12_000, 3),
        options=(COLOUR, SIZE),
        shelves=(BOWLS,),
        rank=3,
        days=2,
    )
    goods("cup", ((CELADON,), 8_000, 5), options=(COLOUR,), rank=2, days=3)
    goods("lamp", ((), 300_000, 1), shelves=(), rank=1)


def page(client: Client, address: str = "/en/c/", status: int = 200, **asked: Any) -> str:
    """Return the listing at an address that asks for something."""
    response = client.get(f"{address}?{urlencode(asked, doseq=True)}" if asked else address)
    assert response.status_code == status
    return response.content.decode()


def found(html: str) -> list[str]:
    """Return the products of a listing in their order."""
    return re.findall(r'class="card__title"><a href="[^"]*/p/([^"/]+)/"', html)


def boxes(html: str) -> dict[str, int]:
    """Return the boxes that are offered, with the products that each promises."""
    rows = re.findall(r'<input type="checkbox"[^>]*><span>([^<]+)</span> <span class="[^"]+">(\d+)<', html)
    return {unescape(label): int(count) for label, count in rows}


def ticked(html: str) -> list[str]:
    """Return the values of the boxes that are ticked."""
    return [
        unescape(value) for value in re.findall(r'<input type="checkbox"[^>]* value="([^"]*)" checked', html)
    ]


def chips(html: str) -> dict[str, dict[str, list[str]]]:
    """Return what is chosen, with what the address of its chip still asks for."""
    rows = re.findall(r'class="chip" href="([^"]*)"><span[^>]*>[^<]*</span>([^<]+)<', html)
    return {unescape(label): parse_qs(unescape(address).removeprefix("?")) for address, label in rows}
