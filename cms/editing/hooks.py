"""Everything that the editors' side tells Wagtail. Imported by `cms.wagtail_hooks`."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from cms.editing import failures, own_fields
from cms.editing.copying import ProductPageViews
from cms.editing.films import Films
from cms.editing.listings import CategoryListing, ProductListing, StoryListing
from cms.editing.vocabulary import VocabularyGroup


def viewsets() -> list[Any]:
    """Add the flat lists, and the page views of products."""
    return [
        ProductListing("products"),
        CategoryListing("categories"),
        StoryListing("stories"),
        ProductPageViews("product_pages"),
        VocabularyGroup(),
        Films(),
    ]


def dashboard(_request: HttpRequest, panels: list[Any]) -> None:
    """Show publications that did not reach the shop."""
    panels.append(failures.FailuresPanel())


hooks.register("register_admin_viewset", viewsets)
hooks.register("construct_homepage_panels", dashboard)
hooks.register("after_publish_page", failures.say)
hooks.register("register_admin_urls", own_fields.urls)
hooks.register("insert_editor_js", own_fields.script)
