"""The menu group of words that products share: brands, product types, guides."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.models import Brand, Guide, ProductType


class Brands(SnippetViewSet):
    """Who makes things."""

    model = Brand
    icon = "group"
    list_display = ["name", "name_en", "key"]


class ProductTypes(SnippetViewSet):
    """Kinds of products with their attributes."""

    model = ProductType
    icon = "table"


class Guides(SnippetViewSet):
    """How things are cared for, and how their size is chosen."""

    model = Guide
    icon = "help"
    list_display = ["title", "kind"]
    list_filter = ["kind"]


class VocabularyGroup(SnippetViewSetGroup):
    """Brands, product types and guides in one menu."""

    items = (Brands, ProductTypes, Guides)
    menu_label = _("Product words")
    menu_icon = "tag"
    menu_order = 250
