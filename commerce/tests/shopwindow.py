"""A shop window of tests: two shelves, a jar with options, cups in a row, and what a reader sees of a page."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from commerce.catalog import services
from commerce.catalog.models import Variant
from commerce.inventory import stockroom
from commerce.tests.listings import BOWLS, TABLEWARE, shelf

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def shelves() -> None:
    """Two shelves, one inside the other."""
    shelf(TABLEWARE, "tableware", ("식기", "Tableware"))
    shelf(BOWLS, "tableware/bowls", ("그릇", "Bowls"), parent=TABLEWARE)


def list_product(
    slug: str,
    *,
    variants: list[tuple[str, list[tuple[str, str]], int, int]],
    options: list[tuple[str, str]] = (),  # type: ignore[assignment]
    summary: str = "",
    rank: int = 0,
    days: int = 0,
) -> uuid.UUID:
    """Put a product on sale; a variant is SKU, option values (ko, en), price in won and units on hand."""
    key = uuid.uuid5(uuid.NAMESPACE_URL, slug)
    goods = services.GoodsPayload(
        slug=slug,
        option_names=tuple({"ko": korean, "en": english} for korean, english in options),
        variants=tuple(
            services.VariantPayload(
                sku=sku,
                options=tuple({"ko": korean, "en": english} for korean, english in values),
                price=price,
                picture=sku.lower(),
            )
            for sku, values, price, _units in variants
        ),
        pictures=tuple(
            {
                "name": sku.lower(),
                "url": f"/media/{sku}.jpg",
                "width": 800,
                "height": 1000,
                "alt": {"ko": f"사진 {sku}", "en": f"Photo {sku}"},
                "srcset": f"/media/{sku}-360.webp 360w",
                "role": "front",
            }
            for sku, *_rest in variants
        ),
        categories=(BOWLS,),
        rank=rank,
    )
    now = NOW + timedelta(days=days)
    for language in ("ko", "en"):
        title = f"상품 {slug}" if language == "ko" else f"Product {slug}"
        payload = services.ProductPayload(
            key=key,
            language=language,
            version=1,
            text=services.TextPayload(title=title, summary=summary, body="<p>Body</p>"),
            goods=goods if language == "ko" else None,
        )
        services.list_product(payload=payload, now=now)
    for sku, _values, _price, units in variants:
        if units:
            variant = Variant.objects.get(sku=sku)
            stockroom.adjust(variant_id=variant.pk, on_hand=units, reason="test", now=now)
    return key


def moon_jar() -> uuid.UUID:
    """List a jar in two colours and two sizes, of which the large celadon one is sold out."""
    white, celadon, small, large = ("백자", "White"), ("청자", "Celadon"), ("소", "Small"), ("대", "Large")
    return list_product(
        "moon-jar",
        options=[("색상", "Colour"), ("크기", "Size")],
        variants=[
            ("JAR-WS", [white, small], 1_234_000, 20),
            ("JAR-WL", [white, large], 2_345_000, 3),
            ("JAR-CS", [celadon, small], 1_300_000, 20),
            ("JAR-CL", [celadon, large], 2_400_000, 0),
        ],
    )


def cups(count: int) -> None:
    """List cups 1 … count: the later, the newer, the dearer and the less recommended."""
    for number in range(1, count + 1):
        list_product(
            f"cup-{number:02}",
            variants=[(f"CUP-{number:02}", [], 1000 * number, 5)],
            rank=count - number,
            days=number,
        )


def text_of(html: str) -> str:
    """Return what a reader sees, with single spaces."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
