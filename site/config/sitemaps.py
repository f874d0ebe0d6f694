"""The site map: the catalog from its own tables, editors' pages from Wagtail."""

from typing import Any

from django.contrib.sitemaps import Sitemap

from cms.sitemaps import Editorial
from commerce.catalog.sitemaps import Categories, Products

SITEMAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
    "products": Products,
    "categories": Categories,
    "pages": Editorial,
}
