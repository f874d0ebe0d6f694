"""Which products may be written together: those of which Wagtail would do nothing but store and publish."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Comment, Page, WorkflowState

from cms.importing import fields
from cms.importing.judged import Judged


def suits(*, products: Sequence[Judged]) -> list[Judged]:
    """Return the products that `write` may take.

    Others are taken off sale, have aliases that follow them, comments that move with their text, a workflow that ends
    with a publication, or a day on which they go live.
    """
    unlike = _unlike([page for judged in products for page in _pages(judged)])
    return [
        judged
        for judged in products
        if not (judged.status == fields.DRAFT and judged.page and judged.page.live)
        and not any(page.pk in unlike or page.go_live_at for page in _pages(judged))
    ]


def _pages(judged: Judged) -> list[Any]:
    return [page for page in (judged.page, judged.english) if page is not None]


def _unlike(pages: Sequence[Any]) -> set[int]:
    keys = [page.pk for page in pages]
    if not keys:
        return set()
    base = ContentType.objects.get_for_model(Page)
    states = WorkflowState.objects.active().filter(
        base_content_type=base, object_id__in=[str(pk) for pk in keys]
    )
    return {
        *Page.objects.filter(alias_of__in=keys).values_list("alias_of_id", flat=True),
        *Comment.objects.filter(page__in=keys).values_list("page_id", flat=True),
        *(int(pk) for pk in states.values_list("object_id", flat=True)),
    }
