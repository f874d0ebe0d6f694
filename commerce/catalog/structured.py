"""Structured data for search engines (schema.org as JSON-LD), safe inside a `<script>` data block."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from commerce.catalog.shapes import Crumb, ProductView, Rating, VariantView
from commerce.inventory.selectors import Supply
from commerce.money.amounts import CURRENCY

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}  # no `</script>` can appear


def product(shown: ProductView, *, language: str) -> SafeString:
    """Return Product with one Offer per variant, and the breadcrumb."""
    page = _absolute(reverse("product", args=[shown.slug]))
    graph = {
        "@type": "Product",
        "@id": page,
        "name": shown.title,
        "description": shown.seo_description or shown.summary,
        **({"brand": {"@type": "Brand", "name": shown.brand}} if shown.brand else {}),
        "image": [_absolute(picture.url) for picture in shown.pictures],
        "offers": [_offer(variant, page) for variant in shown.variants],
        **_rating(shown.rating),
    }
    return _script([graph, _trail(shown.crumbs)])


def breadcrumbs(crumbs: Iterable[Crumb], *, language: str) -> SafeString:
    """Return the breadcrumb of a listing."""
    return _script([_trail(crumbs)])


def _offer(variant: VariantView, page: str) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "sku": variant.sku,
        **({"gtin": variant.barcode} if variant.barcode else {}),
        "url": f"{page}?variant={variant.sku}",
        "price": str(variant.price),
        "priceCurrency": CURRENCY,
        **_availability(variant.supply),
        "itemCondition": "https://schema.org/NewCondition",
    }


def _rating(rating: Rating) -> dict[str, Any]:
    """Return what buyers think; nothing without reviews: a rating of nobody is none."""
    if not rating.count:
        return {}
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": rating.average,
            "reviewCount": rating.count,
            "bestRating": 5,
            "worstRating": 1,
        }
    }


def _availability(supply: Supply) -> dict[str, str]:
    if supply.on_shelf:
        return {"availability": "https://schema.org/InStock"}
    if not supply.to_come:
        return {"availability": "https://schema.org/OutOfStock"}
    if supply.ships_on is None:
        return {"availability": "https://schema.org/BackOrder"}
    return {
        "availability": "https://schema.org/PreOrder",
        "availabilityStarts": supply.ships_on.isoformat(),
    }


def _trail(crumbs: Iterable[Crumb]) -> dict[str, Any]:
    steps = [
        {
            "@type": "ListItem",
            "position": position,
            "name": crumb.title,
            "item": _absolute(reverse("category", args=[crumb.path])),
        }
        for position, crumb in enumerate(crumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def _absolute(address: str) -> str:
    return address if address.startswith("http") else f"{settings.SHOP_BASE_URL.rstrip('/')}{address}"


def _script(graph: list[dict[str, Any]]) -> SafeString:
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - just escaped
