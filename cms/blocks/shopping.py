"""Pictures with goods in them: points to look closer at, and a look beside the things that it is made of."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks import CharBlock, IntegerBlock, ListBlock, StructBlock, TextBlock
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockAdapter, StructBlockValidationError

from cms.blocks import needs
from cms.blocks.choosers import PageChooser, PictureChooser
from cms.blocks.examples import Example, Sample
from cms.blocks.links import LinkBlock
from cms.blocks.pictures import ALT_HELP
from commerce.catalog.shapes import Card

MOST_POINTS = 8


@dataclass(frozen=True, slots=True)
class Point:
    """A product at a place of a picture, in per cent from its left and upper edge."""

    number: int
    x: int
    y: int
    card: Card
    note: str


@dataclass(frozen=True, slots=True)
class Total:
    """What the things of a look cost together, of those that can be bought; won."""

    amount: int
    from_: bool  # at least one of them costs more in other variants
    bought: int
    of: int


class PointBlock(StructBlock):
    """One product in the picture."""

    product = PageChooser("cms.ProductPage", label=_("Product"))
    x = IntegerBlock(default=50, min_value=0, max_value=100, label=_("From the left, %"))
    y = IntegerBlock(default=50, min_value=0, max_value=100, label=_("From above, %"))
    note = CharBlock(required=False, max_length=120, label=_("A word about it"))

    class Meta:
        label = _("Point")
        icon = "crosshairs"
        form_classname = "struct-block point-fields"


class HotspotsBlock(Example, StructBlock):
    """A picture whose things can be bought: each has a point with its name and price."""

    heading = CharBlock(required=False, max_length=120, label=_("Heading"))
    text = TextBlock(required=False, rows=2, label=_("Text"))
    image = PictureChooser(label=_("Picture"))
    alt = CharBlock(required=False, max_length=200, label=_("Alternative text"), help_text=ALT_HELP)
    points = ListBlock(
        PointBlock(),
        min_num=1,
        max_num=MOST_POINTS,
        label=_("Points in the picture"),
        help_text=_("Click into the picture to add a point, drag a point to move it, or type its place."),
    )

    def example(self, sample: Sample) -> dict[str, Any]:
        """Two things in a picture."""
        places = zip(sample.products(2) or [None, None], ((58, 48), (70, 58)), strict=False)
        return {
            "heading": sample.word("찻자리에 놓인 것들", "What is on this tea table"),
            "image": sample.picture(),
            "points": [{"product": page, "x": x, "y": y, "note": ""} for page, (x, y) in places],
        }

    def clean(self, value: Any) -> Any:
        """Refuse points that name one product twice: shoppers could not tell them apart."""
        cleaned = super().clean(value)
        keys = [point["product"].pk for point in cleaned["points"] if point.get("product")]
        if len(keys) != len(set(keys)):
            twice = gettext("A product stands at two points. Choose another one.")
            raise StructBlockValidationError(
                block_errors={"points": ListBlockValidationError(non_block_errors=[twice])}
            )
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the points whose products are on sale, numbered from one."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        found = needs.found(context, "hotspots", value)
        shown = [(row, found.card(row.get("product"))) for row in value.get("points") or ()]
        kept = [(row, card) for row, card in shown if card]
        context["points"] = [
            Point(number, _percent(row.get("x")), _percent(row.get("y")), card, row.get("note") or "")
            for number, (row, card) in enumerate(kept, start=1)
        ]
        return context

    class Meta:
        label = _("Picture with points to buy")
        group = _("Shop")
        icon = "crosshairs"
        template = "cms/blocks/hotspots.html"
        description = _("A picture in which shoppers touch a thing and see its name and live price")


class LookBlock(Example, StructBlock):
    """A picture beside the things that it shows, and what they cost together."""

    heading = CharBlock(max_length=120, label=_("Heading"))
    text = TextBlock(required=False, rows=3, label=_("Text"))
    image = PictureChooser(label=_("Picture"))
    alt = CharBlock(required=False, max_length=200, label=_("Alternative text"), help_text=ALT_HELP)
    products = ListBlock(PageChooser("cms.ProductPage"), min_num=1, max_num=8, label=_("Products"))
    link = LinkBlock()

    def example(self, sample: Sample) -> dict[str, Any]:
        """A picture and three things."""
        return {
            "heading": sample.word("혼자 차리는 찻자리", "A tea table for one"),
            "text": sample.word("다반 하나, 잔 하나, 십 분이면 됩니다.", "One tray, one cup, ten minutes."),
            "image": sample.picture(),
            "products": sample.products(3) or [None] * 3,
        }

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the cards of what is on sale, and their total."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        found = needs.found(context, "look", value)
        cards = [found.card(page) for page in value.get("products") or ()]
        context["cards"] = [card for card in cards if card]
        context["total"] = total_of(context["cards"])
        return context

    class Meta:
        label = _("Look")
        group = _("Shop")
        icon = "view"
        template = "cms/blocks/look.html"
        description = _("A picture beside the products that it shows, with what they cost together")


def total_of(cards: list[Card]) -> Total | None:
    """Return what the things that can be bought cost together; None when nothing can."""
    bought = [card for card in cards if not card.sold_out]
    if not bought:
        return None
    varies = any(card.price_varies for card in bought)
    return Total(sum(card.price for card in bought), varies, len(bought), len(cards))


class HotspotsAdapter(StructBlockAdapter):
    """The form of the band, whose picture can be clicked into."""

    js_constructor = "maru.blocks.HotspotsBlock"

    def js_args(self, block: HotspotsBlock) -> list[Any]:
        """Add the words and the address of the picture to click into."""
        name, children, meta = super().js_args(block)
        words = {"point": gettext("Point")}
        picture = reverse("wagtailimages:preview", args=(0, "max-900x900"))
        return [name, children, {**meta, "words": words, "picture": picture, "mostPoints": MOST_POINTS}]

    @cached_property
    def media(self) -> forms.Media:
        """Add the script and its look."""
        media: forms.Media = super().media + forms.Media(
            js=[versioned_static("js/admin-hotspots.js")],
            css={"all": [versioned_static("css/admin-hotspots.css")]},
        )
        return media


register(HotspotsAdapter(), HotspotsBlock)


def _percent(number: Any) -> int:
    return min(max(int(number or 0), 0), 100)
