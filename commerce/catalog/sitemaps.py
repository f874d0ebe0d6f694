"""What search engines are shown of the catalog, in each language, under the shop's one address."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from commerce.catalog import selectors
from commerce.catalog.models import Category, Product


class OneAddress:
    """Name the shop by `SHOP_BASE_URL`, under whichever host the map was asked for."""

    def get_protocol(self, protocol: str | None = None) -> str:
        """Return http or https."""
        return urlsplit(settings.SHOP_BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        """Return host and port."""
        return urlsplit(settings.SHOP_BASE_URL).netloc


class Products(OneAddress, Sitemap[Product]):
    """Everything on sale."""

    i18n = True
    alternates = True
    limit = 2000

    def items(self) -> QuerySet[Product]:
        """Return the products."""
        return selectors.on_sale()

    def location(self, item: Product) -> str:
        """Return where it is sold."""
        return reverse("product", args=[item.slug])


class Categories(OneAddress, Sitemap[Category]):
    """Every shelf."""

    i18n = True
    alternates = True
    limit = 2000

    def items(self) -> QuerySet[Category]:
        """Return the shelves."""
        return selectors.shelves()

    def location(self, item: Category) -> str:
        """Return where it is shown."""
        return reverse("category", args=[item.path])
