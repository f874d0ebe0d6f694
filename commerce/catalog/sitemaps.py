"""What search engines are shown of the catalog, in each language, under the shop's one address."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import translation

from commerce.catalog import selectors
from commerce.catalog.models import Category, CategoryText, Product, ProductText


class OneAddress(Sitemap[Any]):
    """Name the shop by `SHOP_BASE_URL`, under whichever host the map was asked for; each address with its twins.

    Rows are read a page of the map at a time. A page names the languages in which it has words, as it does itself.
    """

    limit = 2000  # rows on a page of the map

    def get_protocol(self, protocol: str | None = None) -> str:
        """Return http or https."""
        return urlsplit(settings.SHOP_BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        """Return host and port."""
        return urlsplit(settings.SHOP_BASE_URL).netloc

    def _urls(self, page: Any, protocol: Any, domain: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for item in self.paginator.page(page).object_list:
            twins = {code: self._in(item, code) for code in _languages(item.texts.all())}
            first = [("x-default", twins[code]) for code in twins if code == settings.LANGUAGE_CODE]
            alternates = [
                {"lang_code": code, "location": address} for code, address in [*twins.items(), *first]
            ]
            found += [
                {"item": item, "location": address, "priority": "", "alternates": alternates}
                for address in twins.values()
            ]
        return found

    def _in(self, item: Any, language: str) -> str:
        with translation.override(language):
            return f"{settings.SHOP_BASE_URL.rstrip('/')}{self.location(item)}"


class Products(OneAddress):
    """Everything on sale."""

    def items(self) -> QuerySet[Product]:
        """Return the products."""
        words = ProductText.objects.only("product_id", "language")
        return selectors.on_sale().only("slug").prefetch_related(Prefetch("texts", words))

    def location(self, item: Product) -> str:
        """Return where it is sold."""
        return reverse("product", args=[item.slug])


class Categories(OneAddress):
    """Every shelf."""

    def items(self) -> QuerySet[Category]:
        """Return the shelves."""
        words = CategoryText.objects.only("category_id", "language")
        return selectors.shelves().only("path").prefetch_related(Prefetch("texts", words))

    def location(self, item: Category) -> str:
        """Return where it is shown."""
        return reverse("category", args=[item.path])


def _languages(texts: Iterable[Any]) -> list[str]:
    """Return the languages of the shop in which there are words, its own order kept."""
    written = {text.language for text in texts}
    return [code for code, _name in settings.LANGUAGES if code in written]
