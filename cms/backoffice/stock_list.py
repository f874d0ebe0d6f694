"""The list of stock: what lies on the shelf, what is promised, what can still be sold."""

from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.forms import RadioSelect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets import BooleanRadioSelect

from cms.backoffice.columns import PictureColumn, TagColumn
from commerce.catalog.models import Category, ProductText, Variant
from commerce.catalog.selectors import DEFAULT_LANGUAGE, Picture
from commerce.inventory.models import StockItem

LOW = 5  # fewer than this can still be sold: time to order
AVAILABLE = F("on_hand") + F("backorder_limit") - F("reserved")
LEVELS = {
    "out": Q(left__lte=0),
    "low": Q(left__gt=0, left__lt=LOW),
    "plenty": Q(left__gte=LOW),
}


def on_sale() -> QuerySet[StockItem]:
    """Return stock of what is on sale, with how many are `left` to sell."""
    rows = StockItem.objects.filter(variant__active=True, variant__product__listed=True)
    return rows.annotate(left=AVAILABLE)


def at_level(rows: QuerySet[Any], level: str) -> QuerySet[Any]:
    """Keep the rows at a level: `out`, `low` or `plenty`."""
    return rows.filter(LEVELS[level]) if level in LEVELS else rows


class CategoryFilter(django_filters.ModelChoiceFilter):
    """A choice of categories by their Korean or English title."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Category.objects.prefetch_related("texts"), **kwargs)
        self.field_class = _CategoryField


class _CategoryField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, obj: Category) -> str:
        return _in_language({text.language: text.title for text in obj.texts.all()}) or obj.path


class StockFilters(WagtailFilterSet):
    """What the shelf keeper asks for."""

    level = django_filters.ChoiceFilter(
        label=_("Stock"),
        choices=[("out", _("Sold out")), ("low", _("Low (fewer than 5)")), ("plenty", _("In stock"))],
        method="filter_level",
        widget=RadioSelect,
        empty_label=_("All"),
    )
    category = CategoryFilter(label=_("Category"), field_name="variant__product__categories", distinct=True)
    on_sale = django_filters.BooleanFilter(
        label=_("On sale"), method="filter_on_sale", widget=BooleanRadioSelect
    )

    class Meta:
        model = StockItem
        fields: list[str] = []

    def filter_level(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Keep a level."""
        return at_level(rows, value)

    def filter_on_sale(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Keep what shoppers can see, or what they cannot."""
        shown = Q(variant__active=True, variant__product__listed=True)
        return rows.filter(shown if value else ~shown)


class StockIndex(generic.IndexView):
    """The list."""

    default_ordering = "variant__sku"
    is_searchable = True

    @cached_property
    def columns(self) -> list[Column]:
        """Picture, product, SKU and the numbers."""
        return [
            PictureColumn("picture", label="", accessor=lambda item: picture_of(variant=item.variant)),
            TitleColumn(
                "title",
                label=_("Product"),
                accessor=lambda item: title_of(variant=item.variant),
                get_url=lambda item: reverse("stock:inspect", args=[item.pk]),
            ),
            Column("option", label=_("Option"), accessor=lambda item: option_of(variant=item.variant)),
            Column("sku", label=_("SKU"), accessor="variant.sku", sort_key="variant__sku"),
            Column("on_hand", label=_("On hand"), sort_key="on_hand", classname="bo-number"),
            Column("reserved", label=_("Promised"), sort_key="reserved", classname="bo-number"),
            Column("available", label=_("Available"), sort_key="left", classname="bo-number bo-strong"),
            Column("backorder_limit", label=_("Backorder"), classname="bo-number bo-wide"),
            TagColumn("level", label=_("State"), accessor=level_text, tone=level_tone),
        ]

    def get_base_queryset(self) -> QuerySet[Any]:
        """Read product and words with the numbers."""
        rows = StockItem.objects.annotate(left=AVAILABLE)
        return rows.select_related("variant__product").prefetch_related("variant__product__texts")

    def search_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Find by SKU or by the product's title in any language."""
        text = self.search_query.strip()
        if not text:
            return rows
        titled = ProductText.objects.filter(product=OuterRef("variant__product"), title__icontains=text)
        return rows.filter(Q(variant__sku__icontains=text) | Exists(titled))


def title_of(*, variant: Variant) -> str:
    """Return the product's title in the reader's language."""
    return _in_language({text.language: text.title for text in variant.product.texts.all()}) or variant.sku


def option_of(*, variant: Variant) -> str:
    """Return the options as one text: `백자 / 대`."""
    return " / ".join(_in_language(option) for option in variant.options)


def picture_of(*, variant: Variant) -> Picture | None:
    """Return the variant's own picture, or the product's first."""
    pictures = variant.product.pictures
    own = next((row for row in pictures if variant.picture and row["name"] == variant.picture), None)
    return Picture.of(own or (pictures[0] if pictures else {}), language=get_language() or DEFAULT_LANGUAGE)


def level_text(item: Any) -> Any:
    """Return the state of a row in words."""
    if not (item.variant.active and item.variant.product.listed):
        return _("Off sale")
    if item.available <= 0:
        return _("Sold out")
    return _("Low") if item.available < LOW else _("In stock")


def level_tone(item: Any) -> str:
    """Return the colour of that."""
    if not (item.variant.active and item.variant.product.listed):
        return "mute"
    if item.available <= 0:
        return "bad"
    return "wait" if item.available < LOW else "good"


def _in_language(words: dict[str, str]) -> str:
    return words.get(get_language() or DEFAULT_LANGUAGE) or words.get(DEFAULT_LANGUAGE, "")
