"""What Wagtail keeps beside a page: its revision, its history, what it refers to, where its admin finds it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from modelsearch.backends import get_search_backends_with_name
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from cms.importing.batch.planned import Planned
from cms.models import ProductPage


def revise(*, plan: Sequence[Planned], user: Any) -> None:
    """Store a revision of each page as it is now."""
    own, base = _types()
    Revision.objects.bulk_create(
        [
            Revision(
                pk=one.revision,
                content_type=own,
                base_content_type=base,
                object_id=str(one.page.pk),
                created_at=one.at,
                user=user,
                object_str=str(one.page),
                content=one.page.serializable_data(),
            )
            for one in plan
        ]
    )
    published = [str(one.page.pk) for one in plan if one.published and not one.new]
    if published:  # what was to go live on a later day is overtaken
        of_pages = Revision.objects.filter(base_content_type=base, object_id__in=published)
        of_pages.exclude(approved_go_live_at=None).update(approved_go_live_at=None)


def remember(*, plan: Sequence[Planned], user: Any) -> None:
    """Write the history: who made, edited, renamed and published what."""
    own, _base = _types()
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                content_type=own,
                page_id=one.page.pk,
                label=one.page.get_admin_display_title(),
                action=action,
                timestamp=one.at,
                data=data,
                user=user,
                revision_id=one.revision,
                content_changed=changed,
            )
            for one in plan
            for action, data, changed in _acts(one)
        ]
    )


def refer(*, pages: Sequence[ProductPage]) -> None:
    """Bring the reference index up to date with many pages, as its `create_or_update_for_object` does with one."""
    own, base = _types()
    there = {
        (row.object_id, row.to_content_type_id, row.to_object_id, row.model_path, row.content_path): row.pk
        for row in ReferenceIndex.objects.filter(
            base_content_type=base, object_id__in=[str(page.pk) for page in pages]
        )
    }
    found = {(str(page.pk), *reference) for page in pages for reference in _references(page)}
    if gone := [pk for reference, pk in there.items() if reference not in found]:
        ReferenceIndex.objects.filter(pk__in=gone).delete()
    ReferenceIndex.objects.bulk_create(
        [
            ReferenceIndex(
                content_type=own,
                base_content_type=base,
                object_id=object_id,
                to_content_type_id=to_type,
                to_object_id=to_id,
                model_path=model_path,
                content_path=content_path,
                content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            )
            for object_id, to_type, to_id, model_path, content_path in sorted(found - there.keys())
        ],
        ignore_conflicts=True,
    )


def find(*, pages: Sequence[ProductPage]) -> None:
    """Let the search of the admin find the pages by what they say now."""
    for _name, backend in get_search_backends_with_name(with_auto_update=True):
        backend.add_bulk(ProductPage, pages)


def _acts(one: Planned) -> Iterable[tuple[str, dict[str, Any], bool]]:
    if one.new:
        yield "wagtail.create", {}, True
    yield "wagtail.edit", {}, True
    if not one.published:
        return
    title = str(one.page)
    renamed = (
        {"title": {"old": one.title_before, "new": title}} if one.title_before not in ("", title) else {}
    )
    if renamed:
        yield "wagtail.rename", renamed, False
    yield "wagtail.publish", renamed, True


def _references(page: ProductPage) -> Iterable[tuple[int, str, str, str]]:
    references: Iterable[tuple[int, str, str, str]] = ReferenceIndex._extract_references_from_object(page)
    return references


def _types() -> tuple[ContentType, ContentType]:
    of = ContentType.objects.get_for_model
    return of(ProductPage), of(Page)
