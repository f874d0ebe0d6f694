"""What a page tells the shop, with a version that lets later states win and tells real changes apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from cms import goods, languages
from cms.models import CategoryPage, ProductPage
from commerce.catalog import barcodes
from commerce.catalog import services as catalog
from commerce.catalog.models import Category, CategoryText, Product, ProductText, Variant

Payload = TypeVar("Payload", catalog.ProductPayload, catalog.CategoryPayload)


def product(*, page: ProductPage, refresh: bool = False) -> catalog.ProductPayload:
    """Return what a live product page tells; `refresh` keeps the version that the shop has.

    Raises:
        UnableToList: a variant has no SKU or no price, or a SKU is written twice.
    """
    payload = _product(page)
    text = ProductText.objects.filter(product__key=payload.key, language=payload.language).first()
    stored = text.source_version if text else 0
    return _versioned(payload, stored, refresh=refresh, differs=product_differs)


def products(*, pages: Sequence[ProductPage]) -> list[catalog.ProductPayload]:
    """Return what product pages tell that were all published just now, with versions later than what the shop has.

    Raises:
        UnableToList: as `product` does, of any of them.
    """
    told = [_product(page) for page in pages]
    rows = ProductText.objects.filter(product__key__in=[payload.key for payload in told])
    stored = {
        (key, language): version
        for key, language, version in rows.values_list("product__key", "language", "source_version")
    }
    return [
        replace(one, version=max(one.version, stored.get((one.key, one.language), 0) + 1)) for one in told
    ]


def category(*, page: CategoryPage, refresh: bool = False) -> catalog.CategoryPayload:
    """Return what a live category page tells; `refresh` keeps the version that the shop has."""
    language, leads = languages.of(page=page), languages.leads(page=page)
    text = CategoryText.objects.filter(category__key=page.translation_key, language=language).first()
    words = catalog.TextPayload(
        title=page.title,
        summary=page.intro,
        seo_title=page.seo_title,
        seo_description=page.search_description,
    )
    payload = catalog.CategoryPayload(
        key=page.translation_key, language=language, version=_own_version(page), text=words
    )
    if leads:
        parent = page.get_parent().specific
        payload = replace(
            payload,
            leads=True,
            path=page.shelf,
            parent=parent.translation_key if isinstance(parent, CategoryPage) else None,
            position=int(page.path[-page.steplen :], 36),
            picture=goods.category_picture(page=page),
            rule=goods.rule_of(page=page),
        )
    stored = text.source_version if text else 0
    return _versioned(payload, stored, refresh=refresh, differs=category_differs)


def product_differs(payload: catalog.ProductPayload) -> bool:
    """Return whether the shop shows something else than the payload."""
    row = Product.objects.filter(key=payload.key).first()
    text = row.texts.filter(language=payload.language).first() if row else None
    if row is None or text is None:
        return True
    shown = catalog.TextPayload(
        title=text.title,
        summary=text.summary,
        body=text.body,
        details=tuple((name, value) for name, value in text.details),
        seo_title=text.seo_title,
        seo_description=text.seo_description,
        keywords=text.keywords,
        notice=text.notice,
        guides=tuple(text.guides),
    )
    return shown != payload.text or (payload.goods is not None and _goods_differ(row, payload.goods))


def category_differs(payload: catalog.CategoryPayload) -> bool:
    """Return whether the shop shows something else than the payload."""
    row = Category.objects.filter(key=payload.key).select_related("parent").first()
    text = row.texts.filter(language=payload.language).first() if row else None
    if row is None or text is None:
        return True
    words = (text.title, text.intro, text.seo_title, text.seo_description)
    told = payload.text
    if words != (told.title, told.summary, told.seo_title, told.seo_description):
        return True
    rule = row.rule if row.collection else None
    shown = (row.listed, row.path, row.parent.key if row.parent else None, row.position, row.picture, rule)
    wanted = (True, payload.path, payload.parent, payload.position, payload.picture, payload.rule)
    return payload.leads and shown != wanted


def _product(page: ProductPage) -> catalog.ProductPayload:
    return catalog.ProductPayload(
        key=page.translation_key,
        language=languages.of(page=page),
        version=_own_version(page),
        text=catalog.TextPayload(**goods.text_of(page=page)),
        goods=_goods(page) if languages.leads(page=page) else None,
    )


def _own_version(page: Any) -> int:
    # Revision ids grow over the whole site. A page that never had a revision, as imports make them, has none.
    return int(page.live_revision_id or page.latest_revision_id or 0)


def _versioned(payload: Payload, stored: int, *, refresh: bool, differs: Any) -> Payload:
    """Choose the version: the page's row is locked, so what it says is true even if its revision is an old
    one, as when a revision that was scheduled before the last publication goes live after it."""
    if refresh:
        return replace(payload, version=stored)
    if payload.version > stored:
        return payload
    return replace(payload, version=stored + 1 if differs(payload) else stored)


def _goods(page: ProductPage) -> catalog.GoodsPayload:
    rows = goods.ordered(page.variants)
    skus = Counter(catalog.normalise_sku(row.sku) for row in rows)
    if skus[""]:
        raise catalog.UnableToList(_("A variant has no SKU."))
    sku, times = skus.most_common(1)[0] if skus else ("", 0)
    if times > 1:
        raise catalog.UnableToList(_("The SKU %(sku)s is used more than once.") % {"sku": sku})
    if any(not row.price for row in rows):
        raise catalog.UnableToList(_("A variant has no price."))
    if any(row.sale_price and row.sale_price >= row.price for row in rows):
        raise catalog.UnableToList(_("The sale price must be lower than the price."))
    variants = tuple(
        catalog.VariantPayload(
            sku=catalog.normalise_sku(row.sku),
            options=goods.options_of(page=page, variant=row),
            price=row.price,
            picture=goods.picture_name(row.image_id),
            weight=row.weight,
            sale_price=row.sale_price,
            sale_from=row.sale_from if row.sale_price else None,
            sale_until=row.sale_until if row.sale_price else None,
            content=row.content,
            content_unit=row.content_unit,
            barcode=barcodes.normalise(row.barcode),
        )
        for row in rows
    )
    return catalog.GoodsPayload(
        slug=page.slug,
        option_names=goods.option_names(page=page),
        variants=variants,
        pictures=goods.pictures_of(page=page),
        categories=tuple(shelf.translation_key for shelf in page.categories.all()),
        rank=page.rank,
        brand=goods.brand_of(page=page),
        attributes=goods.attributes_of(page=page),
        notice=page.notice_kind,
        badges=goods.badges_of(page=page),
        made_to_order=page.made_to_order,
        related=goods.related_of(page=page),
    )


def _goods_differ(row: Product, told: catalog.GoodsPayload) -> bool:
    shown = (row.listed, row.slug, row.rank, tuple(row.option_names), tuple(row.pictures))
    if shown != (True, told.slug, told.rank, told.option_names, told.pictures):
        return True
    more = (row.brand, tuple(row.attributes), row.notice, tuple(row.badges), row.made_to_order, row.related)
    if more != (told.brand, told.attributes, told.notice, told.badges, told.made_to_order, told.related):
        return True
    known = set(
        Category.objects.filter(key__in=told.categories, collection=False).values_list("pk", flat=True)
    )
    if known != set(row.categories.filter(collection=False).values_list("pk", flat=True)):
        return True
    variants = Variant.objects.filter(product=row, active=True).order_by("position", "pk")
    return told.variants != tuple(
        catalog.VariantPayload(
            sku=variant.sku,
            options=tuple(variant.options),
            price=variant.price,
            picture=variant.picture,
            weight=variant.weight,
            sale_price=variant.sale_price,
            sale_from=variant.sale_from,
            sale_until=variant.sale_until,
            content=variant.content,
            content_unit=variant.content_unit,
            barcode=variant.barcode,
        )
        for variant in variants
    )
