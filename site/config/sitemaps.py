"""The site map: the catalog from its own tables, editors' pages from Wagtail."""

from cms.sitemaps import Editorial
from commerce.catalog.sitemaps import Categories, Products

SITEMAPS = {"products": Products, "categories": Categories, "pages": Editorial}
