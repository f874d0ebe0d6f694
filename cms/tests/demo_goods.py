"""The demo shop's goods as shoppers find them, without pages: what tests of the search look through."""

import uuid
from datetime import UTC, datetime

from cms.demo.content import search, shelves
from cms.demo.kinds import Good, Words
from cms.demo.site import GOODS
from commerce.catalog import services as catalog
from commerce.catalog.models import Product
from commerce.search import services
from commerce.search.models import PromotedResult, Synonyms

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


def list_all() -> None:
    """Put everything on sale and teach the search what the demo's editors taught it."""
    for place, shelf in enumerate(shelves.SHELVES):
        for language, (title, intro) in (("ko", shelf.ko), ("en", shelf.en)):
            above = shelf.path.rpartition("/")[0]
            catalog.list_category(
                payload=catalog.CategoryPayload(
                    key=_key(shelf.path),
                    language=language,
                    version=1,
                    text=catalog.TextPayload(title=title, summary=intro),
                    path=shelf.path,
                    parent=_key(above) if above else None,
                    position=place,
                    leads=language == "ko",
                ),
                now=NOW,
            )
    for good in GOODS:
        for language, words in (("ko", good.ko), ("en", good.en)):
            _list(good, language, words)
    for group in search.SYNONYMS:
        Synonyms.objects.create(words=group)
    for phrase, slugs in search.PROMOTED:
        for place, slug in enumerate(slugs):
            product = Product.objects.get(slug=slug)
            PromotedResult.objects.create(words=phrase, product=product, position=place)
    services.learn_all()


def _list(good: Good, language: str, words: Words) -> None:
    variants = tuple(
        catalog.VariantPayload(
            sku=choice.sku, options=({"ko": choice.ko, "en": choice.en},), price=choice.price
        )
        for choice in good.choices
    )
    goods = catalog.GoodsPayload(
        slug=good.slug,
        option_names=({"ko": good.option[0], "en": good.option[1]},),
        variants=variants,
        categories=tuple(map(_key, good.categories)),
        rank=good.rank,
    )
    text = catalog.TextPayload(title=words.title, summary=words.summary, details=words.details)
    payload = catalog.ProductPayload(
        key=_key(good.slug),
        language=language,
        version=1,
        text=text,
        goods=goods if language == "ko" else None,
    )
    catalog.list_product(payload=payload, now=NOW)


def _key(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, name)
