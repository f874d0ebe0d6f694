"""What hangs on pages: read for all of them at once, and stored again where it changed."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from modelcluster.models import get_all_child_relations

from cms.models import (
    CategoryPage,
    ProductDetail,
    ProductPage,
    ProductPicture,
    ProductRelation,
    ProductVariant,
)

# Rows that a file may say something of, by the name they have on the page.
WRITTEN: tuple[tuple[str, Any], ...] = (
    ("variants", ProductVariant),
    ("pictures", ProductPicture),
    ("details", ProductDetail),
)
_FILLED = {
    "variants": ProductVariant.objects.select_related("image"),
    "pictures": ProductPicture.objects.select_related("image"),
    "details": ProductDetail.objects.all(),
    "relations": ProductRelation.objects.select_related("product"),
}
_LINKS = ProductPage.categories.through
_WORDS = ("brand", "product_type__attributes", "care_guide", "size_guide")


def load(*, pages: Sequence[ProductPage]) -> None:
    """Let pages know all their rows, new ones that they have none: nothing is read page by page afterwards."""
    stored = [page for page in pages if page.pk]
    for relation in get_all_child_relations(ProductPage):
        name = relation.get_accessor_name()
        rows = _FILLED[name].filter(page__in=stored) if stored and name in _FILLED else ()
        grouped = _grouped(rows)
        for page in pages:
            setattr(page, name, grouped.get(page.pk, ()))
    shelves = _shelves(stored)
    for page in pages:
        page.categories = shelves.get(page.pk, [])
    with_words = [
        page
        for page in stored
        if page.brand_id or page.product_type_id or page.care_guide_id or page.size_guide_id
    ]
    prefetch_related_objects(with_words, *_WORDS)


def store(*, pages: Sequence[ProductPage], known: Sequence[ProductPage]) -> None:
    """Write the rows of pages as these have them in memory; `known` are those of them that had rows before."""
    for name, model in WRITTEN:
        rows = [row for page in pages for row in getattr(page, name).all()]
        there, new = [row for row in rows if row.pk], [row for row in rows if not row.pk]
        if known:
            kept = {row.pk for row in there}
            model.objects.filter(page__in=known).exclude(pk__in=kept).delete()
        for row in rows:
            row.page_id = row.page.pk  # new pages have their keys only now
        model.objects.bulk_create(
            there,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=[field.name for field in model._meta.concrete_fields if not field.primary_key],
        )
        model.objects.bulk_create(new)
    _store_shelves(pages, known)


def _grouped(rows: Any) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.page_id].append(row)
    return grouped


def _shelves(pages: Sequence[ProductPage]) -> dict[int, list[CategoryPage]]:
    if not pages:
        return {}
    links = list(
        _LINKS.objects.filter(productpage__in=pages).values_list("productpage_id", "categorypage_id")
    )
    found = CategoryPage.objects.in_bulk({shelf for _, shelf in links})
    grouped: dict[int, list[CategoryPage]] = defaultdict(list)
    for page, shelf in links:
        grouped[page].append(found[shelf])
    return grouped


def _store_shelves(pages: Sequence[ProductPage], known: Sequence[ProductPage]) -> None:
    wanted = {(page.pk, shelf.pk) for page in pages for shelf in page.categories.all()}
    links = _LINKS.objects.filter(productpage__in=known)
    rows = links.values_list("productpage_id", "categorypage_id", "pk") if known else ()
    there = {(page, shelf): pk for page, shelf, pk in rows}
    if gone := [pk for link, pk in there.items() if link not in wanted]:
        _LINKS.objects.filter(pk__in=gone).delete()
    _LINKS.objects.bulk_create(
        [_LINKS(productpage_id=page, categorypage_id=shelf) for page, shelf in sorted(wanted - there.keys())]
    )
