"""Bring the shop up to date with one page."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms import languages
from cms.models import CategoryPage, ProductPage, ProjectionFailure
from cms.publishing import payloads
from commerce.catalog import services as catalog
from commerce.events import outbox, types

logger = logging.getLogger(__name__)


def project(*, page: Page) -> bool:
    """Bring the shop up to date with a product or category page as it is stored and live now.

    The page's row is locked and read again: of two publications at once the later state wins, whichever
    receiver runs last. Returns False when the page is not live, an alias, or nothing that is sold.

    Raises:
        UnableToList: the shop cannot take the page over as it is.
    """
    with transaction.atomic():
        fresh = _locked(page.pk)
        if isinstance(fresh, ProductPage):
            payload = payloads.product(page=fresh)
            return catalog.list_product(payload=payload, now=timezone.now())
        if isinstance(fresh, CategoryPage):
            return catalog.list_category(payload=payloads.category(page=fresh), now=timezone.now())
    return False


def project_all(*, pages: Sequence[ProductPage]) -> None:
    """Bring the shop up to date with many product pages that were published just now, by one transaction.

    Must run inside the transaction that wrote them and holds their rows: they are taken as they are in memory, with
    their rows, so nothing is read again.

    Raises:
        UnableToList: the shop cannot take one of them over as it is; the caller's transaction must roll back.
    """
    told = payloads.products(pages=pages)
    catalog.list_products(payloads=told, now=timezone.now())
    ProjectionFailure.objects.filter(page_id__in=[page.pk for page in pages]).delete()


def hide(*, page: Any) -> bool:
    """Take what a page tells out of the shop; returns False when there was nothing to take."""
    key, language, leads = page.translation_key, languages.of(page=page), languages.leads(page=page)
    now = timezone.now()
    if isinstance(page, ProductPage):
        return catalog.withdraw_product(key=key, language=language, leads=leads, now=now)
    if isinstance(page, CategoryPage):
        return catalog.withdraw_category(key=key, language=language, leads=leads, now=now)
    tell(page=page)
    return True


def tell(*, page: Any) -> None:
    """Record that an editorial page reads differently, so that copies of it are thrown away."""
    parts = page.get_url_parts()
    path = parts[2] if parts else ""
    content_changed(subject=f"page:{page.pk}", path=path or "", language=languages.of(page=page))


def content_changed(*, subject: str, path: str, language: str) -> None:
    """Record the fact `content.changed` in a transaction of its own."""
    with transaction.atomic():
        fact = types.ContentChanged(subject=subject, path=path, language=language, occurred_at=timezone.now())
        outbox.record(fact)


def refresh_product(*, key: UUID) -> bool:
    """Write a product again with the picture sizes that exist by now; no second fact is recorded.

    Returns False when no live page has that key.
    """
    return _refresh(ProductPage.objects.filter(translation_key=key, live=True, alias_of=None))


def refresh_category(*, key: UUID) -> bool:
    """Write a category again with the picture sizes that exist by now; no second fact is recorded."""
    return _refresh(CategoryPage.objects.filter(translation_key=key, live=True, alias_of=None))


def follow_vocabulary(*, subject: str) -> int:
    """Show anew the products that use words which were changed: `brand:3`, `type:1`, `guide:2`; return how many."""
    kind, _colon, number = subject.partition(":")
    uses = {
        "brand": Q(brand=number),
        "type": Q(product_type=number),
        "guide": Q(care_guide=number) | Q(size_guide=number),
    }
    if kind not in uses or not number.isdigit():
        return 0
    keys = ProductPage.objects.filter(uses[kind]).values("translation_key")
    pages = ProductPage.objects.filter(translation_key__in=keys, live=True, alias_of=None)
    return sum(guarded(page=page, act=partial(project, page=page)) for page in pages.order_by("path"))


def guarded(*, page: Any, act: Callable[[], object]) -> bool:
    """Run `act` for a page and keep its error from whoever published: it is logged and shown to editors.

    Returns whether it went well; then an earlier failure of the same page is forgotten.
    """
    try:
        with transaction.atomic():
            act()
            ProjectionFailure.objects.filter(page_id=page.pk).delete()
    except Exception as error:  # whatever it is, the page is live already and its editor must not see a 500
        logger.exception("page %s did not reach the shop", page.pk)
        _remember(page, error)
        return False
    return True


def _locked(page_id: int) -> Any:
    row = Page.objects.select_for_update().filter(pk=page_id, live=True, alias_of=None).first()
    return row.specific if row else None


def _refresh(pages: "QuerySet[Any]") -> bool:
    for page in pages:
        with transaction.atomic():
            fresh = _locked(page.pk)
            if isinstance(fresh, ProductPage):
                payload = payloads.product(page=fresh, refresh=True)
                if payloads.product_differs(
                    payload
                ):  # after an import most have their pictures' sizes already
                    catalog.list_product(payload=payload, now=timezone.now())
            elif isinstance(fresh, CategoryPage):
                shelf = payloads.category(page=fresh, refresh=True)
                catalog.list_category(payload=shelf, now=timezone.now())
    return bool(pages)


def _remember(page: Any, error: Exception) -> None:
    try:
        with transaction.atomic():
            ProjectionFailure.objects.update_or_create(
                page_id=page.pk,
                defaults={"title": page.title[:255], "error": _reason(error), "at": timezone.now()},
            )
    except Exception:  # the database is away: the log has the first error, reconciliation finds the page
        logger.exception("the failure of page %s could not be stored", page.pk)


def _reason(error: Exception) -> str:
    with translation.override(languages.default()):
        if isinstance(error, catalog.NoVariants):
            return _("The product has no variants: there is nothing to buy.")
        if isinstance(error, catalog.SkuTaken):
            return _("The SKU %(sku)s belongs to another product.") % {"sku": error.sku}
        if isinstance(error, catalog.BarcodeTaken):
            return _("The barcode %(barcode)s belongs to the variant %(sku)s.") % {
                "barcode": error.barcode,
                "sku": error.sku,
            }
        if isinstance(error, catalog.SlugTaken):
            return _("Something else is shown at the address “%(slug)s”.") % {"slug": str(error)}
        return str(error) or type(error).__name__
