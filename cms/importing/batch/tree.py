"""Give new pages their places in the tree, as treebeard's `add_child` does one by one."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from wagtail.models import Page

from cms.models import ProductPage


def place(*, pages: Sequence[ProductPage], parent: Any) -> None:
    """Put new pages below `parent`, after its last child. The parent's row is locked until the transaction ends.

    Raises:
        ValidationError: an address is in use below that parent.
        PathOverflow: there is no room for so many.
    """
    held = Page.objects.select_for_update().get(pk=parent.pk)
    slugs = [page.slug for page in pages]
    if taken := Page.objects.child_of(held).filter(slug__in=slugs).values_list("slug", flat=True).first():
        raise ValidationError({"slug": taken})
    before = held.get_last_child()
    for page in pages:
        page.depth, page.numchild = held.depth + 1, 0
        page.path = before._inc_path() if before else Page._get_path(held.path, page.depth, 1)
        page.set_url_path(held)
        before = page
    Page.objects.filter(pk=held.pk).update(numchild=F("numchild") + len(pages))
