"""What search engines are shown of editors' pages, under the shop's one address."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page

from cms.models import HomePage, InfoPage, StoryIndexPage, StoryPage


class Editorial(Sitemap):
    """What editors write beside the catalog, in every language; each page names its other languages."""

    def items(self) -> Any:
        """Return the pages that are the shop's own, not a mirror of the catalog."""
        kinds = (HomePage, StoryIndexPage, StoryPage, InfoPage)
        pages = Page.objects.exact_type(*kinds).live().public().order_by("path")
        return pages.defer_streamfields().specific()

    def _urls(self, page: Any, protocol: Any, domain: Any) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = super()._urls(page, protocol, domain)
        for entry in entries:
            entry["location"] = _under_one_address(entry["location"])
            for twin in entry.get("alternates", ()):
                twin["location"] = _under_one_address(twin["location"])
        return entries


def _under_one_address(url: str) -> str:
    return f"{settings.SHOP_BASE_URL.rstrip('/')}{urlsplit(url).path}"
