"""Write the catalog: called by the publishing projection, imports and price feeds."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from commerce.catalog import collections, indexing, prices, pricing, projecting
from commerce.catalog.models import Category, CategoryText, Product, ProductText, Variant
from commerce.catalog.sku import normalise_sku as normalise_sku  # noqa: PLC0414  # callers find it here
from commerce.events import outbox, types
from commerce.inventory import stock


class UnableToList(Exception):
    """A product cannot be put on sale as it is."""


class NoVariants(UnableToList):
    """Nothing of the product could be bought."""


class SkuTaken(UnableToList):
    """A SKU belongs to another product already."""

    def __init__(self, sku: str) -> None:
        super().__init__(sku)
        self.sku = sku


class SlugTaken(UnableToList):
    """An address belongs to another product or category already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantPayload:
    """A variant as its page has it; prices in won, the lower one from a moment on and up to another."""

    sku: str
    options: tuple[dict[str, str], ...]  # ({"ko": "백자", "en": "White"},)
    price: int
    picture: str = ""
    weight: int = 0  # grams
    sale_price: int | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    content: int | None = None  # in `content_unit`, a key of `units.UNITS`
    content_unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPayload:
    """A product's or category's words in one language."""

    title: str
    summary: str = ""
    body: str = ""
    details: tuple[tuple[str, str], ...] = ()
    seo_title: str = ""
    seo_description: str = ""
    keywords: str = ""  # other words by which it is found, with commas between
    notice: dict[str, str] = field(default_factory=dict)  # rows of `notices.KINDS` by their code
    guides: tuple[dict[str, str], ...] = ()  # {"kind": "care", "title", "body": HTML}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPayload:
    """A published product page in one language.

    `version` grows with every publication of that page. `goods` is set by the page of the default language
    only: the other languages feed their own words and nothing else.
    """

    key: UUID
    language: str
    version: int
    text: TextPayload
    goods: "GoodsPayload | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsPayload:
    """What the page of the default language says beyond its words."""

    slug: str
    option_names: tuple[dict[str, str], ...] = ()
    variants: tuple[VariantPayload, ...] = ()
    pictures: tuple[
        dict[str, Any], ...
    ] = ()  # {"name", "url", "width", "height", "alt": {…}, "srcset", "role"}
    categories: tuple[UUID, ...] = ()
    rank: int = 0
    brand: dict[str, str] = field(default_factory=dict)  # {"key", "ko", "en"}
    attributes: tuple[dict[str, Any], ...] = ()  # see `attributes.stored`
    notice: str = ""  # a key of `notices.KINDS`
    badges: tuple[dict[str, str], ...] = ()  # the editor's own: {"ko", "en"}
    made_to_order: bool = False
    related: dict[str, list[str]] = field(default_factory=dict)  # {"similar": keys, "matching": keys}


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPayload:
    """A published category page in one language; `path` and what follows count in the default language only."""

    key: UUID
    language: str
    version: int
    text: TextPayload
    path: str = ""
    parent: UUID | None = None
    position: int = 0
    picture: dict[str, Any] = field(default_factory=dict)
    leads: bool = False  # True for the default language
    rule: dict[str, Any] | None = None  # of a collection, see `collections`; None for a shelf


@transaction.atomic
def list_product(*, payload: ProductPayload, now: datetime) -> bool:
    """Put a product on sale, or bring it up to date, in one language; return False when the payload is old.

    Applying the same version again changes nothing that counts and records no second fact, so that
    pictures may be refreshed at any time. A variant that vanished from the page becomes inactive.

    Raises:
        NoVariants: the page has no variant.
        SkuTaken: a SKU belongs to another product.
        SlugTaken: another product lives at that address.
    """
    product = _lock_product(payload)
    text = product.texts.filter(language=payload.language).first() or ProductText(
        product=product, language=payload.language
    )
    if payload.version < text.source_version:
        return False
    changed = payload.version > text.source_version or (payload.goods is not None and not product.listed)
    _write_text(text, payload.text, payload.version)
    if payload.goods is not None:
        _write_goods(product, payload.goods, now=now)
    indexing.index(products=[product.pk])
    projecting.project(products=[product.pk])
    if changed:
        skus = tuple(product.variants.filter(active=True).values_list("sku", flat=True))
        outbox.record(
            types.ProductListed(
                product_key=product.key,
                slug=product.slug,
                language=payload.language,
                source_version=payload.version,
                skus=skus,
                occurred_at=now,
            )
        )
    return True


@transaction.atomic
def withdraw_product(*, key: UUID, language: str, leads: bool, now: datetime) -> bool:
    """Take a product off sale at once; a page of another language takes only its own words away.

    Returns False when there was nothing to withdraw.
    """
    product = Product.objects.select_for_update().filter(key=key).first()
    if product is None:
        return False
    if not leads:
        gone = product.texts.filter(language=language).delete()[0] > 0
        if gone:
            indexing.index(products=[product.pk])
            outbox.record(
                types.ProductTranslationWithdrawn(
                    product_key=product.key, slug=product.slug, language=language, occurred_at=now
                )
            )
        return gone
    if not product.listed:
        return False
    product.listed = False
    product.save(update_fields=["listed"])
    projecting.project(products=[product.pk])
    outbox.record(types.ProductWithdrawn(product_key=product.key, slug=product.slug, occurred_at=now))
    return True


@transaction.atomic
def list_category(*, payload: CategoryPayload, now: datetime) -> bool:
    """Show a category in one language; return False when the payload is old.

    Raises:
        SlugTaken: another category lives at that path.
    """
    category = _lock_category(payload)
    text = category.texts.filter(language=payload.language).first() or CategoryText(
        category=category, language=payload.language
    )
    if payload.version < text.source_version:
        return False
    changed = payload.version > text.source_version or (payload.leads and not category.listed)
    text.title, text.intro = payload.text.title, payload.text.summary
    text.seo_title, text.seo_description = payload.text.seo_title, payload.text.seo_description
    text.source_version = payload.version
    text.save()
    if payload.leads:
        _write_category(category, payload, now=now)
    if changed:
        outbox.record(
            types.CategoryListed(
                category_key=category.key, path=category.path, language=payload.language, occurred_at=now
            )
        )
    return True


@transaction.atomic
def withdraw_category(*, key: UUID, language: str, leads: bool, now: datetime) -> bool:
    """Hide a category; its products stay on sale. Returns False when there was nothing to hide."""
    category = Category.objects.select_for_update().filter(key=key).first()
    if category is None:
        return False
    if not leads:
        gone = category.texts.filter(language=language).delete()[0] > 0
        if gone:
            outbox.record(
                types.CategoryTranslationWithdrawn(
                    category_key=category.key, path=category.path, language=language, occurred_at=now
                )
            )
        return gone
    if not category.listed:
        return False
    category.listed = False
    category.save(update_fields=["listed"])
    outbox.record(types.CategoryWithdrawn(category_key=category.key, path=category.path, occurred_at=now))
    return True


def _lock_product(payload: ProductPayload) -> Product:
    if payload.goods is None:
        Product.objects.get_or_create(key=payload.key, defaults={"slug": f"unlisted-{payload.key}"})
        return Product.objects.select_for_update().get(key=payload.key)
    taken = Product.objects.filter(slug=payload.goods.slug).exclude(key=payload.key).first()
    if taken and taken.listed:
        raise SlugTaken(payload.goods.slug)
    if taken:  # a withdrawn product gives its address to the one that asks for it
        Product.objects.filter(pk=taken.pk).update(slug=f"withdrawn-{taken.key}")
    Product.objects.get_or_create(key=payload.key, defaults={"slug": payload.goods.slug})
    return Product.objects.select_for_update().get(key=payload.key)


def _write_text(text: ProductText, payload: TextPayload, version: int) -> None:
    text.title, text.summary, text.body = payload.title, payload.summary, payload.body
    text.keywords = payload.keywords
    text.details = [list(row) for row in payload.details]
    text.notice, text.guides = payload.notice, list(payload.guides)
    text.seo_title, text.seo_description = payload.seo_title, payload.seo_description
    text.source_version = version
    text.save()


def _write_goods(product: Product, goods: GoodsPayload, *, now: datetime) -> None:
    if not goods.variants:
        raise NoVariants(goods.slug)
    costs = [prices.effective(variant, now=now) for variant in goods.variants]
    product.slug, product.rank = goods.slug, goods.rank
    product.option_names, product.pictures = list(goods.option_names), list(goods.pictures)
    product.price_min, product.price_max = min(costs), max(costs)
    product.brand, product.attributes = goods.brand, list(goods.attributes)
    product.notice, product.made_to_order = goods.notice, goods.made_to_order
    product.badges, product.related = list(goods.badges), goods.related
    product.listed, product.listed_at = True, product.listed_at or now
    product.save()
    shelves = Category.objects.filter(key__in=goods.categories, collection=False)
    product.categories.set(shelves | product.categories.filter(collection=True))
    _write_variants(product, goods, now=now)


def _write_variants(product: Product, goods: GoodsPayload, *, now: datetime) -> None:
    skus = [normalise_sku(variant.sku) for variant in goods.variants]
    for foreign in Variant.objects.filter(sku__in=skus).exclude(product=product):
        raise SkuTaken(foreign.sku)
    product.variants.exclude(sku__in=skus).update(active=False)
    # Never FOR UPDATE, as update_or_create would: orders being placed refer to these rows, and two of them
    # would wait for each other.
    known = {row.sku: row for row in Variant.objects.select_for_update(no_key=True).filter(sku__in=skus)}
    told = []
    for position, (sku, variant) in enumerate(zip(skus, goods.variants, strict=True)):
        row = known.get(sku) or Variant(sku=sku)
        before = pricing.told(row)
        row.product, row.options, row.price = product, list(variant.options), variant.price
        row.sale_price, row.sale_from, row.sale_until = pricing.window(variant)
        row.content, row.content_unit = variant.content, variant.content_unit
        row.picture, row.weight = variant.picture, variant.weight
        row.active, row.position = True, position
        row.price_told = prices.effective(variant, now=now)
        row.save()
        stock.open_item(variant_id=row.pk)
        told.append((row, before))
    pricing.remember(told, at=now, now=now)
    outbox.record_all(pricing.facts(told, product_key=product.key, now=now))


def _lock_category(payload: CategoryPayload) -> Category:
    placeholder = f"unlisted-{payload.key}"
    if payload.leads:
        taken = Category.objects.filter(path=payload.path).exclude(key=payload.key).first()
        if taken and taken.listed:
            raise SlugTaken(payload.path)
        if taken:
            Category.objects.filter(pk=taken.pk).update(path=f"withdrawn-{taken.key}")
    Category.objects.get_or_create(
        key=payload.key, defaults={"path": payload.path if payload.leads else placeholder}
    )
    return Category.objects.select_for_update().get(key=payload.key)


def _write_category(category: Category, payload: CategoryPayload, *, now: datetime) -> None:
    category.path, category.position, category.picture = payload.path, payload.position, payload.picture
    category.parent = Category.objects.filter(key=payload.parent).first() if payload.parent else None
    category.collection, category.rule = payload.rule is not None, payload.rule or {}
    category.listed, category.listed_at = True, category.listed_at or now
    category.save()
    if category.collection:
        collections.fill(collection=category, now=now)
