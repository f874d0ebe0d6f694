"""What search engines are shown of the catalog, in each language."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from commerce.catalog import selectors
from commerce.catalog.models import Category, Product


class Products(Sitemap[Product]):
    """Everything on sale."""

    i18n = True
    alternates = True
    limit = 2000

    def items(self) -> QuerySet[Product]:
        return selectors.on_sale()

    def location(self, item: Product) -> str:
        return reverse("product", args=[item.slug])


class Categories(Sitemap[Category]):
    """Every shelf."""

    i18n = True
    alternates = True
    limit = 2000

    def items(self) -> QuerySet[Category]:
        return selectors.shelves()

    def location(self, item: Category) -> str:
        return reverse("category", args=[item.path])
