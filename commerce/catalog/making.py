"""Make the plain values of a product's page from rows that were read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from commerce.catalog import badges, notices, prices
from commerce.catalog.models import Variant
from commerce.catalog.shapes import (
    DEFAULT_LANGUAGE,
    Crumb,
    Fact,
    Guide,
    Picture,
    ProductView,
    Rating,
    VariantView,
)
from commerce.inventory.selectors import Supply


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of variants besides their rows, by their keys, at a moment."""

    now: datetime
    stock: dict[int, Supply]
    history: dict[int, list[tuple[datetime, int]]]  # of reduced ones: from when on they cost what, in won
    best: frozenset[int]  # keys of products that sell best


def product_view(
    product: Any, *, language: str, sku: str, known: Known, crumbs: tuple[Crumb, ...]
) -> ProductView | None:
    """Return a product's page; None when it has no words that its readers understand."""
    texts = list(product.texts.all())
    if not readable(texts, language):
        return None
    text, default = text_in(texts, language), text_in(texts, DEFAULT_LANGUAGE)
    chosen = _choose(product.on_sale, known.stock, sku)
    pictures = [Picture.of(data, language=language) for data in product.pictures]
    variants = tuple(_variant(row, language, known, selected=row.pk == chosen) for row in product.on_sale)
    return ProductView(
        key=product.key,
        slug=product.slug,
        title=text.title,
        summary=text.summary,
        body=text.body,
        details=tuple((name, value) for name, value in text.details),
        option_names=tuple(word(name, language) for name in product.option_names),
        variants=variants,
        pictures=tuple(picture for picture in pictures if picture),
        crumbs=crumbs,
        seo_title=text.seo_title,
        seo_description=text.seo_description,
        languages=tuple(row.language for row in texts),
        pk=product.pk or 0,
        rating=rating_of(product),
        brand=word(product.brand, language),
        brand_key=product.brand.get("key", ""),
        attributes=tuple(map(fact_in(language), product.attributes)),
        notice=notices.table(kind=product.notice, words=text.notice, fallback=default.notice),
        guides=tuple(Guide(one["kind"], one["title"], one["body"]) for one in text.guides or default.guides),
        badges=badges.of(
            listed_at=product.listed_at,
            made_to_order=product.made_to_order,
            reduced=any(variant.regular for variant in variants),
            best=product.pk in known.best,
            preorder=preorder([variant.supply for variant in variants]),
            own=[word(words, language) for words in product.badges],
            now=known.now,
        ),
        similar=tuple(map(UUID, product.related.get("similar", ()))),
        # what an editor picked, or else what buyers bought with it
        matching=tuple(map(UUID, product.related.get("matching", ()) or product.together)),
    )


def preorder(supplies: Sequence[Supply]) -> bool:
    """Return whether nothing of it is here and the day on which the next units are sent is known."""
    return not any(one.on_shelf for one in supplies) and any(one.to_come and one.ships_on for one in supplies)


def fact_in(language: str) -> Any:
    """Return what makes a line of the details from a stored attribute."""

    def made(stored: dict[str, Any]) -> Fact:
        return Fact(
            word(stored["names"], language), word(stored["labels"], language), stored.get("swatch", "")
        )

    return made


def word(words: dict[str, str], language: str) -> str:
    """Return what words say in a language, or else in the default one."""
    return words.get(language) or words.get(DEFAULT_LANGUAGE, "")


def text_in(rows: Iterable[Any], language: str) -> Any:
    """Return the text in a language, or else in the default one, or else any."""
    by_language = {row.language: row for row in rows}
    return by_language.get(language) or by_language.get(DEFAULT_LANGUAGE) or next(iter(by_language.values()))


def readable(texts: Iterable[Any], language: str) -> bool:
    """Return whether a reader of that language understands one of the texts."""
    return any(text.language in (language, DEFAULT_LANGUAGE) for text in texts)


def _variant(row: Variant, language: str, known: Known, *, selected: bool) -> VariantView:
    price, reduced = prices.effective(row, now=known.now), prices.reduced(row, now=known.now)
    history = known.history.get(row.pk, [])
    return VariantView(
        pk=row.pk,
        sku=row.sku,
        options=tuple(word(value, language) for value in row.options),
        price=price,
        supply=known.stock.get(row.pk, Supply(0)),
        picture=row.picture,
        selected=selected,
        regular=row.price if reduced else 0,
        lowest=prices.lowest_before(history, price=price, now=known.now) if reduced else None,
        until=row.sale_until if reduced and row.sale_until else None,
        changes_at=prices.next_edge(row, now=known.now),
        content=row.content,
        content_unit=row.content_unit,
        barcode=row.barcode,
    )


def _choose(variants: Sequence[Variant], stock: dict[int, Supply], sku: str) -> int | None:
    asked = next((variant.pk for variant in variants if variant.sku == sku), None)
    having = (variant.pk for variant in variants if variant.pk in stock and stock[variant.pk].available)
    return asked or next(having, None) or (variants[0].pk if variants else None)


def rating_of(product: Any) -> Rating:
    """Return what buyers think of a product, from its columns."""
    return Rating(product.rating_count, product.rating_sum, tuple(product.rating_bars))
