"""The list of stock: what lies on the shelf, what is promised, what can still be sold."""

from typing import Any

import django_filters
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.forms import CheckboxInput, RadioSelect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from cms.backoffice import stock_words
from cms.backoffice.columns import NumberColumn, PictureColumn, TagColumn
from commerce.catalog import barcodes
from commerce.catalog.models import Category, ProductText
from commerce.inventory.models import AVAILABLE, StockItem
from commerce.restock.models import RestockRequest

LEVELS = {
    "out": Q(left__lte=0),
    "low": Q(left__gt=0, left__lt=stock_words.LOW),
    "plenty": Q(left__gte=stock_words.LOW),
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
        return stock_words.in_language({text.language: text.title for text in obj.texts.all()}) or obj.path


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
    on_sale = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("true", _("On sale")), ("false", _("Off sale"))],
        method="filter_on_sale",
        widget=RadioSelect,
        empty_label=_("All"),
    )

    doubt = django_filters.BooleanFilter(
        label=_("Numbers in doubt"), method="filter_doubt", widget=CheckboxInput, initial=False
    )

    class Meta:
        model = StockItem
        fields: list[str] = []

    def filter_doubt(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Keep what the nightly check found to differ from its movements."""
        return rows.exclude(doubt="") if value else rows

    def filter_level(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Keep a level."""
        return at_level(rows, value)

    def filter_on_sale(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Keep what shoppers can see, or what they cannot."""
        shown = Q(variant__active=True, variant__product__listed=True)
        return rows.filter(shown if value == "true" else ~shown)


class StockIndex(generic.IndexView):
    """The list."""

    default_ordering = "variant__sku"
    is_searchable = True
    table_classname = "listing bo-listing"

    @cached_property
    def columns(self) -> list[Column]:
        """Picture, product, SKU and the numbers."""
        return [
            PictureColumn(
                "picture", label="", accessor=lambda item: stock_words.picture_of(variant=item.variant)
            ),
            TitleColumn(
                "title",
                label=_("Product"),
                accessor=lambda item: stock_words.title_of(variant=item.variant),
                get_url=lambda item: reverse("stock:inspect", args=[item.pk]),
            ),
            Column(
                "option", label=_("Option"), accessor=lambda item: stock_words.option_of(variant=item.variant)
            ),
            Column("sku", label=_("SKU"), accessor="variant.sku", sort_key="variant__sku"),
            NumberColumn("on_hand", label=_("On hand"), sort_key="on_hand"),
            NumberColumn("reserved", label=_("Promised"), sort_key="reserved"),
            NumberColumn("available", label=_("Available"), sort_key="left", classname="bo-strong"),
            NumberColumn("owed", label=_("Owed"), sort_key="owed"),
            NumberColumn("backorder_limit", label=_("Backorder")),
            NumberColumn("waiting", label=_("Wait for it"), accessor=lambda item: item.waiting or ""),
            TagColumn(
                "level", label=_("State"), accessor=stock_words.level_text, tone=stock_words.level_tone
            ),
        ]

    def get_base_queryset(self) -> QuerySet[Any]:
        """Read product and words with the numbers."""
        waits = RestockRequest.objects.filter(variant=OuterRef("variant"), state=RestockRequest.State.WAITING)
        count = waits.order_by().values("variant").annotate(count=Count("pk")).values("count")
        rows = StockItem.objects.annotate(left=AVAILABLE, waiting=Subquery(count))
        return rows.select_related("variant__product").prefetch_related("variant__product__texts")

    def search_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Find by SKU, by what a scanner reads, or by the product's title in any language."""
        text = self.search_query.strip()
        if not text:
            return rows
        titled = ProductText.objects.filter(product=OuterRef("variant__product"), title__icontains=text)
        scanned = Q(variant__barcode__in=barcodes.spellings(barcodes.normalise(text)))
        return rows.filter(Q(variant__sku__icontains=text) | scanned | Exists(titled))
