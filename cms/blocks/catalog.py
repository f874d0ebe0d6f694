"""Bands of goods: prices and stock are read from the shop at the moment a page is shown."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    IntegerBlock,
    ListBlock,
    StructBlock,
    TextBlock,
)

from cms.blocks import needs
from cms.blocks.choosers import PageChooser
from cms.blocks.examples import Example, Sample
from cms.blocks.links import LinkBlock
from commerce.catalog import selectors as catalog


class CategoryTilesBlock(Example, StructBlock):
    """The shelves of the shop, each with its picture."""

    heading = CharBlock(required=False, max_length=120, label=_("Heading"))
    show = ChoiceBlock(
        choices=[
            ("top", _("The first level")),
            ("all", _("All categories")),
            ("picked", _("Picked by hand")),
        ],
        default="top",
        label=_("Which"),
    )
    categories = ListBlock(PageChooser("cms.CategoryPage"), default=[], label=_("Picked categories"))

    def example(self, sample: Sample) -> dict[str, Any]:
        """The first level of the shop."""
        return {"heading": sample.word("둘러보기", "Look around"), "show": "top", "categories": []}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the links of the categories that are shown in the shop."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        menu = context.get("menu") or catalog.category_tree(language=get_language() or "ko")
        menu = menu or context.get("example_shelves", ())
        context["tiles"] = needs.tiles(
            show=value.get("show", "top"), pages=value.get("categories") or (), menu=menu
        )
        return context

    class Meta:
        label = _("Category tiles")
        group = _("Shop")
        icon = "grip"
        template = "cms/blocks/tiles.html"
        description = _("Pictures that lead to the shelves of the shop")


class ProductGridBlock(Example, StructBlock):
    """Products in a grid: the newest ones, or those that an editor picked."""

    heading = CharBlock(required=False, max_length=120, label=_("Heading"))
    text = TextBlock(required=False, rows=2, label=_("Text"))
    source = ChoiceBlock(
        choices=[
            ("newest", _("Newest")),
            ("recommended", _("Recommended")),
            ("picked", _("Picked by hand")),
        ],
        default="newest",
        label=_("Which"),
    )
    category = PageChooser("cms.CategoryPage", required=False, label=_("Only of this category"))
    products = ListBlock(PageChooser("cms.ProductPage"), default=[], label=_("Picked products"))
    limit = IntegerBlock(default=4, min_value=1, max_value=24, label=_("How many"))
    link = LinkBlock()

    def example(self, sample: Sample) -> dict[str, Any]:
        """The newest products."""
        heading = sample.word("새로 들어온 것", "Just arrived")
        return {"heading": heading, "source": "newest", "products": [], "limit": 4}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the cards of the products that are on sale."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["cards"] = needs.found(context, "products", value).grid(value)
        return context

    class Meta:
        label = _("Product grid")
        group = _("Shop")
        icon = "tag"
        template = "cms/blocks/products.html"
        description = _("The newest products, or a hand-picked choice, with live prices")


class ProductBlock(Example, StructBlock):
    """One product within a text, with its live price."""

    product = PageChooser("cms.ProductPage", label=_("Product"))
    note = CharBlock(required=False, max_length=160, label=_("A word about it"))

    def example(self, sample: Sample) -> dict[str, Any]:
        """One product and a word about it."""
        note = sample.word("이야기 속의 그릇", "The bowl of the story")
        return {"product": next(iter(sample.products(1)), None), "note": note}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the card, or None when the product is not on sale."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["card"] = needs.found(context, "product", value).card(value.get("product"))
        return context

    class Meta:
        label = _("Product")
        group = _("Shop")
        icon = "tag"
        template = "cms/blocks/product.html"
        description = _("A product that can be bought from within the story")


class StoryCardsBlock(Example, StructBlock):
    """Stories that give a reason to look closer."""

    heading = CharBlock(required=False, max_length=120, label=_("Heading"))
    stories = ListBlock(
        PageChooser("cms.StoryPage"),
        default=[],
        label=_("Stories"),
        help_text=_("Leave empty to show the three newest."),
    )
    link = LinkBlock()

    def example(self, sample: Sample) -> dict[str, Any]:
        """The newest stories."""
        return {"heading": sample.word("이야기", "Stories"), "stories": []}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the stories that are published."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["stories"] = needs.found(context, "stories", value).stories_of(value)
        return context

    class Meta:
        label = _("Story cards")
        group = _("Shop")
        icon = "doc-full"
        template = "cms/blocks/stories.html"
        description = _("The newest stories, or those that you choose")
