"""Compare every live page with what the shop shows, and put right what differs."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from cms import languages
from cms.models import CategoryPage, ProductPage, ProjectionFailure
from cms.publishing import payloads, projection
from commerce.catalog import collections, indexing, projecting
from commerce.catalog import services as catalog
from commerce.catalog.models import CategoryText, ProductText

logger = logging.getLogger(__name__)


@dataclass
class Report:
    """What a reconciliation found: pages looked at, what it put right, what it could not."""

    checked: int = 0
    healed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def reconcile(*, dry_run: bool = False) -> Report:
    """Heal what signals do not tell: imports, direct saves, queries, failed publications, crashes.

    With `dry_run` nothing is written; `healed` then says what would be put right. Products that have no page
    at all, as an import makes them, are left alone.
    """
    report = Report()
    for page in _live_pages():
        report.checked += 1
        if _drifted(page):
            _heal(report, page, f"{_name(page)}: shown as it was published", dry_run=dry_run)
        elif not dry_run:
            ProjectionFailure.objects.filter(page_id=page.pk).delete()
    for page in _hidden_pages():
        report.checked += 1
        _heal(report, page, f"{_name(page)}: taken out of the shop", dry_run=dry_run, hide=True)
    if not dry_run and (found := indexing.index_all()):
        logger.warning("%s products could not be found by what they are called now", found)
        report.healed.append(f"{found} products: found by what they are called")
    if not dry_run and (found := projecting.project_all()):
        logger.warning("%s products were counted in lists by what they are not", found)
        report.healed.append(f"{found} products: counted in lists by what they are")
    if not dry_run and (found := collections.fill_all(now=timezone.now())):
        report.healed.append(f"{found} collections: filled by their rule")
    return report


def _live_pages() -> Iterator[Any]:
    for model in (CategoryPage, ProductPage):  # shelves first: products stand on them
        pages = model.objects.live().filter(alias_of=None).select_related("locale").order_by("path")
        leading = pages.filter(locale__language_code=languages.default())
        yield from leading.iterator(chunk_size=200)
        yield from pages.exclude(pk__in=leading.values("pk")).iterator(chunk_size=200)


def _drifted(page: Any) -> bool:
    try:
        if isinstance(page, ProductPage):
            return payloads.product_differs(payloads.product(page=page))
        return payloads.category_differs(payloads.category(page=page))
    except catalog.UnableToList:
        return True


def _hidden_pages() -> Iterator[Any]:
    """Yield pages that are not live though the shop shows them."""
    for model, texts, parent in (
        (CategoryPage, CategoryText, "category"),
        (ProductPage, ProductText, "product"),
    ):
        shown = set(
            texts.objects.filter(**{f"{parent}__listed": True}).values_list(f"{parent}__key", "language")
        )
        for page in model.objects.not_live().filter(alias_of=None).select_related("locale"):
            if (page.translation_key, languages.of(page=page)) in shown:
                yield page


def _heal(report: Report, page: Any, what: str, *, dry_run: bool, hide: bool = False) -> None:
    if dry_run:
        report.healed.append(what)
        return
    act = projection.hide if hide else projection.project
    if projection.guarded(page=page, act=lambda: act(page=page)):
        logger.warning("reconciled %s", what)
        report.healed.append(what)
    else:
        failure = ProjectionFailure.objects.filter(page_id=page.pk).first()
        report.failed.append(f"{_name(page)}: {failure.error if failure else 'unknown'}")


def _name(page: Any) -> str:
    return f"{type(page).__name__} {page.pk} “{page.title}” ({languages.of(page=page)})"
