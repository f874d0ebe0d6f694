"""Structured data for search engines (schema.org as JSON-LD), safe inside a `<script>` data block.

What Google reads: https://developers.google.com/search/docs/appearance/structured-data/merchant-listing
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from commerce.catalog.shapes import Crumb, ProductView, Rating, VariantView
from commerce.inventory.selectors import Supply
from commerce.money.amounts import CURRENCY
from commerce.shipping.selectors import Rate

_COUNTRY = "KR"
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}  # no `</script>` can appear
_SCHEMA = "https://schema.org"
_WORDS = {  # how options are called that schema.org has a word for
    "color": ("색", "색상", "컬러", "color", "colour", "glaze", "finish"),
    "size": ("크기", "사이즈", "치수", "size"),
    "material": ("소재", "재질", "나무", "material", "wood"),
}
_VARIES = {name: word for word, names in _WORDS.items() for name in names}


@dataclass(frozen=True, slots=True)
class Voice:
    """A review that the page shows."""

    author: str
    stars: int
    text: str
    at: datetime


def product(
    shown: ProductView, *, rate: Rate | None = None, return_days: int = 0, voices: Sequence[Voice] = ()
) -> SafeString:
    """Return Product with one Offer per variant, or, where variants differ in price, ProductGroup with a Product for each
    of them, and the breadcrumb.

    `rate` is what delivery costs, `return_days` how long goods may be sent back after their delivery; 0: not said.
    """
    page = absolute(reverse("product", args=[shown.slug]))
    terms = _returns(return_days)
    offers = {variant.sku: _offer(variant, page, rate) | terms for variant in shown.variants}
    several = len({variant.price for variant in shown.variants}) > 1
    graph = {
        **({"@type": "ProductGroup"} if several else {"@type": "Product"}),
        "@id": page,
        "name": shown.title,
        "description": _description(shown),
        **({"brand": {"@type": "Brand", "name": shown.brand}} if shown.brand else {}),
        "image": [absolute(picture.social.url) for picture in shown.pictures],
        **(_group(shown, page, offers) if several else {"offers": list(offers.values())}),
        **_rating(shown.rating),
        **({"review": [_review(voice) for voice in voices]} if voices else {}),
    }
    return script([graph, *_trail(shown.crumbs)])


def breadcrumbs(crumbs: Iterable[Crumb], *, language: str) -> SafeString:
    """Return the breadcrumb of a listing."""
    return script(_trail(crumbs))


def absolute(address: str) -> str:
    """Return an address of the shop as others need it."""
    return address if address.startswith("http") else f"{settings.SHOP_BASE_URL.rstrip('/')}{address}"


def script(graph: list[dict[str, Any]]) -> SafeString:
    """Return nodes as the content of a data block."""
    text = json.dumps({"@context": _SCHEMA, "@graph": graph}, ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - just escaped


def _group(shown: ProductView, page: str, offers: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what makes a ProductGroup: its variants, and by what they differ as far as schema.org has a word for it."""
    words = [_VARIES.get(name.casefold(), "") for name in shown.option_names]
    return {
        "url": page,
        "productGroupID": str(shown.key),
        **({"variesBy": [f"{_SCHEMA}/{word}" for word in words if word]} if any(words) else {}),
        "hasVariant": [_variant(shown, variant, words, offers[variant.sku]) for variant in shown.variants],
    }


def _variant(
    shown: ProductView, variant: VariantView, words: Sequence[str], offer: dict[str, Any]
) -> dict[str, Any]:
    own = [picture for picture in shown.pictures if picture.name == variant.picture] or shown.pictures[:1]
    return {
        "@type": "Product",
        "sku": variant.sku,
        **({"gtin": variant.barcode} if variant.barcode else {}),
        "name": " ".join([shown.title, *variant.options]),
        "description": _description(shown),
        "image": [absolute(picture.social.url) for picture in own],
        **{word: value for word, value in zip(words, variant.options, strict=False) if word},
        "offers": offer,
    }


def _description(shown: ProductView) -> str:
    return shown.seo_description or shown.summary or shown.title


def _offer(variant: VariantView, page: str, rate: Rate | None) -> dict[str, Any]:
    until = {"priceValidUntil": timezone.localdate(variant.until).isoformat()} if variant.until else {}
    return {
        "@type": "Offer",
        "sku": variant.sku,
        **({"gtin": variant.barcode} if variant.barcode else {}),
        "url": f"{page}?variant={variant.sku}",
        "price": str(variant.price),
        "priceCurrency": CURRENCY,
        **until,
        **_availability(variant.supply),
        "itemCondition": f"{_SCHEMA}/NewCondition",
        **({"shippingDetails": _shipping(variant, rate)} if rate else {}),
    }


def _shipping(variant: VariantView, rate: Rate) -> dict[str, Any]:
    """Return the fee to the mainland and the days it takes; a day is a business day."""
    free = rate.free_from is not None and variant.price >= rate.free_from
    spans = {"handlingTime": (0, rate.handling_days), "transitTime": (rate.days_min, rate.days_max)}
    return {
        "@type": "OfferShippingDetails",
        "shippingRate": {
            "@type": "MonetaryAmount",
            "value": 0 if free else rate.parcel_fee,
            "currency": CURRENCY,
        },
        "shippingDestination": {"@type": "DefinedRegion", "addressCountry": _COUNTRY},
        "deliveryTime": {
            "@type": "ShippingDeliveryTime",
            **{
                name: {"@type": "QuantitativeValue", "minValue": least, "maxValue": most, "unitCode": "DAY"}
                for name, (least, most) in spans.items()
            },
        },
    }


def _returns(days: int) -> dict[str, Any]:
    if not days:
        return {}
    return {
        "hasMerchantReturnPolicy": {
            "@type": "MerchantReturnPolicy",
            "applicableCountry": _COUNTRY,
            "returnPolicyCategory": f"{_SCHEMA}/MerchantReturnFiniteReturnWindow",
            "merchantReturnDays": days,
            "returnMethod": f"{_SCHEMA}/ReturnByMail",
            "returnFees": f"{_SCHEMA}/ReturnFeesCustomerResponsibility",
        }
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


def _review(voice: Voice) -> dict[str, Any]:
    return {
        "@type": "Review",
        "author": {"@type": "Person", "name": voice.author},
        "reviewRating": {"@type": "Rating", "ratingValue": voice.stars, "bestRating": 5, "worstRating": 1},
        "reviewBody": voice.text,
        "datePublished": timezone.localdate(voice.at).isoformat(),
    }


def _availability(supply: Supply) -> dict[str, str]:
    if supply.on_shelf:
        return {"availability": f"{_SCHEMA}/InStock"}
    if not supply.to_come:
        return {"availability": f"{_SCHEMA}/OutOfStock"}
    if supply.ships_on is None:
        return {"availability": f"{_SCHEMA}/BackOrder"}
    return {
        "availability": f"{_SCHEMA}/PreOrder",
        "availabilityStarts": supply.ships_on.isoformat(),
    }


def _trail(crumbs: Iterable[Crumb]) -> list[dict[str, Any]]:
    """Return the breadcrumb; none for what stands on no shelf: an empty list of steps is an error."""
    steps = [
        {
            "@type": "ListItem",
            "position": position,
            "name": crumb.title,
            "item": absolute(reverse("category", args=[crumb.path])),
        }
        for position, crumb in enumerate(crumbs, start=1)
    ]
    return [{"@type": "BreadcrumbList", "itemListElement": steps}] if steps else []
