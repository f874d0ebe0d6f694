"""What Wagtail tells, and what the shop makes of it. Connected once, when the apps are ready."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms import context
from cms.models import (
    Brand,
    CategoryPage,
    Guide,
    ProductIndexPage,
    ProductPage,
    ProductType,
    ShopSettings,
    ShopVideo,
)
from cms.models.base import BasePage
from cms.models.categories import CategoryIndexPage
from cms.publishing import addresses, projection
from commerce.catalog.models import Category
from commerce.events import outbox

VOCABULARY: dict[str, type[Model]] = {"brand": Brand, "type": ProductType, "guide": Guide}


def connect() -> None:
    """Listen to Wagtail."""
    page_published.connect(on_published, dispatch_uid="shop-published")
    page_unpublished.connect(on_unpublished, dispatch_uid="shop-unpublished")
    page_slug_changed.connect(on_slug_changed, dispatch_uid="shop-slug-changed")
    post_page_move.connect(on_page_moved, dispatch_uid="shop-moved")
    post_delete.connect(on_deleted, dispatch_uid="shop-deleted")
    post_save.connect(on_settings_saved, sender=ShopSettings, dispatch_uid="shop-settings-saved")
    post_save.connect(on_film_saved, sender=ShopVideo, dispatch_uid="shop-film-saved")
    for kind, model in VOCABULARY.items():
        post_save.connect(on_words_changed, sender=model, dispatch_uid=f"shop-{kind}-saved")
    post_save.connect(on_redirect_changed, sender=Redirect, dispatch_uid="shop-redirect-saved")
    post_delete.connect(on_redirect_changed, sender=Redirect, dispatch_uid="shop-redirect-deleted")


def on_published(*, instance: Page, revision: Any = None, alias: bool = False, **_: Any) -> None:
    """Show what was published. Aliases, and pages that go live later, are none of the shop's business."""
    if alias or instance.alias_of_id or not instance.live:
        return
    user_id = getattr(revision, "user_id", None)
    with outbox.acting(f"user:{user_id}" if user_id else outbox.actor()):
        _show(instance.specific)


def on_unpublished(*, instance: Page, **_: Any) -> None:
    """Hide what was unpublished or is about to be deleted; `instance.live` says nothing here."""
    if not instance.alias_of_id:
        projection.guarded(page=instance, act=lambda: projection.hide(page=instance.specific))


def on_deleted(*, sender: type, instance: Any, **_: Any) -> None:
    """Hide what was deleted: drafts send no other signal, and a worker finds no row any more."""
    if issubclass(sender, BasePage) and not instance.alias_of_id:
        projection.guarded(page=instance, act=lambda: projection.hide(page=instance))


def on_slug_changed(*, instance: Page, instance_before: Page, **_: Any) -> None:
    """Let the old address lead to the new one, then follow it."""
    _lead(instance, before=instance_before.url_path)
    on_moved(instance=instance)


def on_page_moved(*, instance: Page, url_path_before: str, **_: Any) -> None:
    """Let the old address lead to the new one, then follow it."""
    _lead(instance, before=url_path_before)
    on_moved(instance=instance)


def on_moved(*, instance: Page) -> None:
    """Follow a new address or place. A category's address changes those of all below it, its place the order."""
    page = instance.specific
    if isinstance(page, CategoryPage):
        below = CategoryPage.objects.descendant_of(page, inclusive=True)
        beside = CategoryPage.objects.sibling_of(page)
        for shelf in (below | beside).live().order_by("path"):
            _show(shelf)
    elif page.live and not page.alias_of_id:
        _show(page)


def on_settings_saved(*, instance: ShopSettings, created: bool, **_: Any) -> None:
    """Tell that every page reads differently from now on; an empty row made by the first reader says nothing."""
    context.forget(site=instance.site)
    if created:
        return
    projection.content_changed(subject=f"settings:{instance.pk}", path="", language="")


def on_film_saved(*, instance: ShopVideo, created: bool, **_: Any) -> None:
    """Tell that pages with this film read differently; one that was made just now is on none."""
    if not created:
        projection.content_changed(subject=f"film:{instance.pk}", path="", language="")


def on_words_changed(*, sender: type, instance: Any, created: bool = False, **_: Any) -> None:
    """Tell that a word which products share reads differently; one that was made just now is used by none."""
    kind = next(kind for kind, model in VOCABULARY.items() if model is sender)
    if not created:
        projection.content_changed(subject=f"{kind}:{instance.pk}", path="", language="")


def on_redirect_changed(*, instance: Redirect, **_: Any) -> None:
    """Tell that an address leads somewhere else, or nowhere any more."""
    projection.content_changed(subject=f"redirect:{instance.pk}", path=instance.old_path, language="")


def _lead(page: Page, *, before: str) -> None:
    specific = page.specific
    projection.guarded(page=page, act=lambda: addresses.moved(page=specific, before=before))


def _show(page: Any) -> None:
    if isinstance(page, ProductIndexPage | CategoryIndexPage):
        return
    if not isinstance(page, ProductPage | CategoryPage):
        projection.guarded(page=page, act=lambda: projection.tell(page=page))
        return
    known = Category.objects.filter(key=page.translation_key).exists()
    projection.guarded(page=page, act=lambda: projection.project(page=page))
    if isinstance(page, CategoryPage) and not known:  # products that were linked before the shelf was shown
        for product in page.products.live().filter(alias_of=None):
            _show(product)
