"""Write the pages of many products with one transaction."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models.constants import OnConflict
from wagtail.models import Page, Revision

from cms import pictures as sizes
from cms import publishing
from cms.importing import fields, pages
from cms.importing.batch import records, relations, tree
from cms.importing.batch.planned import Planned
from cms.importing.judged import Judged
from cms.importing.shelf import Shelf, index_page
from cms.models import ProductIndexPage, ProductPage

_TREE = {"id", "path", "depth", "numchild", "translation_key", "locale", "content_type", "slug", "url_path", "owner",
         "alias_of", "locked", "locked_at", "locked_by"}  # fmt: skip  # not what a file may change
_UNCHECKED = [field.name for field in ProductPage._meta.concrete_fields if field.is_relation] + [
    "path",
    "url_path",
]


def write(*, products: Sequence[Judged], shelf: Shelf, user: Any) -> None:
    """Write products and their English pages, as `pages.write` does one. All or none: must run inside a transaction.

    Raises:
        Refused: one of them cannot be written.
        ValidationError: a page is not as it must be.
        UnableToList: the shop cannot take one over.
    """
    index = index_page()
    if index is None:
        raise pages.Refused("refused", why="no list of products")
    plan = _plan(products, index, shelf)
    if not plan:
        return
    _hold([one for one in plan if not one.new])
    _reserve(plan)
    for parent in dict.fromkeys(one.parent for one in plan if one.new):
        tree.place(pages=[one.page for one in plan if one.parent == parent], parent=parent)
    for one in plan:
        _settle(one)
    _store(plan, user)
    publishing.project_all(pages=[one.page for one in plan if one.published])


# --- what becomes of each page ----------------------------------------------------------------------------


def _plan(products: Sequence[Judged], index: ProductIndexPage, shelf: Shelf) -> list[Planned]:
    """Return the pages that change, the leading ones before their English ones, filled in."""
    english = pages.english_index(index=index) if any(one.words for one in products) else None
    there = [page for judged in products for page in (judged.page, judged.english) if page is not None]
    relations.load(pages=there)
    plan: list[Planned] = []
    for judged in products:
        plan += _of_product(judged, index, english, shelf)
    sizes.load_renditions(_images(plan))
    return plan


def _of_product(
    judged: Judged, index: ProductIndexPage, english: ProductIndexPage | None, shelf: Shelf
) -> list[Planned]:
    found = []
    lead = judged.page or ProductPage(slug=judged.rows[0].slug, locale=index.locale, live=False)
    if judged.page is None:
        relations.load(pages=[lead])
    if judged.product or judged.variants or judged.status or judged.page is None:
        live = judged.status == fields.LIVE or (lead.live and judged.status != fields.DRAFT)
        found.append(_planned(lead, index if judged.page is None else None, published=live))
        pages.fill(page=lead, judged=judged, shelf=shelf)
    if judged.words and english is not None:
        twin = judged.english or pages.twin(lead=lead, index=english)
        if judged.english is None:
            relations.load(pages=[twin])
        twin.lead = lead
        parent = english if judged.english is None else None
        found.append(_planned(twin, parent, published=twin.live or judged.goes_live))
        pages.fill_english(page=twin, judged=judged)
    return found


def _planned(page: ProductPage, parent: Any, *, published: bool) -> Planned:
    return Planned(page=page, parent=parent, published=published, title_before=str(page) if page.live else "")


def _images(plan: Sequence[Planned]) -> list[Any]:
    return [row.image for one in plan for row in one.page.pictures.all()]


def _hold(plan: Sequence[Planned]) -> None:
    """Lock the rows of known pages, as publications do.

    Raises:
        Refused: somebody wrote a page since it was read.
    """
    keys = [one.page.pk for one in plan]
    rows = Page.objects.select_for_update().filter(pk__in=keys).order_by("path")
    held = dict(rows.values_list("pk", "latest_revision_id"))
    if any(held.get(one.page.pk, 0) != one.page.latest_revision_id for one in plan):
        raise pages.Refused("moved")


def _reserve(plan: Sequence[Planned]) -> None:
    """Give new pages and all revisions their keys, so that each row is written once, and everything its moment."""
    new = [one for one in plan if one.new]
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment = cursor.fetchone()[0]
    for one, key in zip(new, _keys(Page, len(new)), strict=True):
        one.page.id = one.page.page_ptr_id = key
    for one, key in zip(plan, _keys(Revision, len(plan)), strict=True):
        one.revision, one.at = key, max(moment, one.page.latest_revision_created_at or moment)


def _keys(model: Any, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _settle(one: Planned) -> None:
    """Let a page say what its publication, or its draft, makes of it.

    Raises:
        ValidationError: a field is not as it must be.
    """
    page = one.page
    page.draft_title = page.title
    page.clean_fields(exclude=_UNCHECKED)
    page.latest_revision_id, page.latest_revision_created_at = one.revision, one.at
    if not one.published:
        page.has_unpublished_changes = True
        return
    page.live, page.has_unpublished_changes, page.expired = True, False, False
    page.first_published_at, page.last_published_at = page.first_published_at or one.at, one.at
    page.live_revision_id = one.revision


# --- rows -------------------------------------------------------------------------------------------------


def _store(plan: Sequence[Planned], user: Any) -> None:
    written = [one.page for one in plan]
    _insert([one.page for one in plan if one.new], user)
    _update([one.page for one in plan if not one.new])
    relations.store(pages=written, known=[one.page for one in plan if not one.new])
    records.revise(plan=plan, user=user)
    records.remember(plan=plan, user=user)
    records.refer(pages=written)
    records.find(pages=written)


def _insert(new: Sequence[ProductPage], user: Any) -> None:
    """Insert pages. Django's `bulk_create` refuses models of two tables; this is what it does with each table."""
    own = ContentType.objects.get_for_model(ProductPage)
    for page in new:
        page.content_type, page.owner = own, user
    if not new:
        return
    for model in (Page, ProductPage):
        model._base_manager._insert(new, fields=model._meta.local_concrete_fields, using=DEFAULT_DB_ALIAS)
    for page in new:
        page._state.adding, page._state.db = False, DEFAULT_DB_ALIAS


def _update(known: Sequence[ProductPage]) -> None:
    if not known:
        return
    for model in (Page, ProductPage):
        columns = model._meta.local_concrete_fields
        model._base_manager._insert(
            known,
            fields=columns,
            using=DEFAULT_DB_ALIAS,
            on_conflict=OnConflict.UPDATE,
            update_fields=[field for field in columns if not field.primary_key and field.name not in _TREE],
            unique_fields=[model._meta.pk],
        )
