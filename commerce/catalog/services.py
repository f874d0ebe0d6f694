"""Write the catalog: called by the publishing projection, imports and price feeds."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from commerce.catalog import collections, indexing, listing, projecting
from commerce.catalog.models import Category, CategoryText, Product
from commerce.catalog.payloads import BarcodeTaken as BarcodeTaken  # noqa: PLC0414
from commerce.catalog.payloads import CategoryPayload as CategoryPayload  # noqa: PLC0414  # callers find all here
from commerce.catalog.payloads import GoodsPayload as GoodsPayload  # noqa: PLC0414
from commerce.catalog.payloads import NoVariants as NoVariants  # noqa: PLC0414
from commerce.catalog.payloads import ProductPayload as ProductPayload  # noqa: PLC0414
from commerce.catalog.payloads import SkuTaken as SkuTaken  # noqa: PLC0414
from commerce.catalog.payloads import SlugTaken as SlugTaken  # noqa: PLC0414
from commerce.catalog.payloads import TextPayload as TextPayload  # noqa: PLC0414
from commerce.catalog.payloads import UnableToList as UnableToList  # noqa: PLC0414
from commerce.catalog.payloads import VariantPayload as VariantPayload  # noqa: PLC0414
from commerce.catalog.sku import normalise_sku as normalise_sku  # noqa: PLC0414
from commerce.events import outbox, types


@transaction.atomic
def list_product(*, payload: ProductPayload, now: datetime) -> bool:
    """Put a product on sale, or bring it up to date, in one language; return False when the payload is old.

    Applying the same version again changes nothing that counts and records no second fact, so that
    pictures may be refreshed at any time. A variant that vanished from the page becomes inactive.

    Raises:
        NoVariants: the page has no variant.
        SkuTaken: a SKU belongs to another product.
        BarcodeTaken: a barcode belongs to another variant.
        SlugTaken: another product lives at that address.
    """
    return listing.write(payloads=[payload], now=now)[0]


@transaction.atomic
def list_products(*, payloads: Sequence[ProductPayload], now: datetime) -> list[bool]:
    """Put many products on sale, or bring them up to date, as `list_product` does each: all of them or none.

    It takes as many statements as one product does. Returns which were not old, in their order.

    Raises:
        UnableToList: as `list_product` does, of any of them.
    """
    return listing.write(payloads=payloads, now=now)


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
