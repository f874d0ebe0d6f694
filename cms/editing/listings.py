"""Flat lists of products, categories and stories, with what the shop knows of them."""

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters.filters import ChoiceFilter, ModelChoiceFilter
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import IndexView, PageFilterSet
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.admin.widgets.button import Button

from cms import languages
from cms.editing import facts
from cms.models import CategoryPage, ProductIndexPage, ProductPage, StoryPage
from commerce.catalog.models import Variant

LIVE = [("live", _("Live")), ("draft", _("Draft"))]
STOCK = [("in", _("In stock")), ("out", _("Sold out"))]


class ThumbnailColumn(Column):
    """The first picture, small."""

    cell_template_name = "cms/editing/thumbnail.html"


class ShopPageFilterSet(PageFilterSet):
    """Filters that matter in a shop with one site and flat lists."""

    status = ChoiceFilter(label=_("Status"), choices=LIVE, method="by_status")
    site = None
    has_child_pages = None

    class Meta:
        fields: list[str] = []

    def by_status(self, pages: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep what is live, or what is not."""
        return pages.filter(live=value == "live")


class ProductFilterSet(ShopPageFilterSet):
    """Filters for products."""

    category = ModelChoiceFilter(
        label=_("Category"), field_name="categories", queryset=CategoryPage.objects.filter(alias_of=None)
    )
    stock = ChoiceFilter(label=_("Stock"), choices=STOCK, method="by_stock")

    class Meta(ShopPageFilterSet.Meta):
        model = ProductPage

    def by_stock(self, pages: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep products of which something can be bought, or nothing."""
        left = Variant.objects.filter(
            product__key=OuterRef("translation_key"),
            active=True,
            stock__on_hand__gt=F("stock__reserved") + F("stock__owed") - F("stock__backorder_limit"),
        )
        return pages.filter(Exists(left) if value == "in" else ~Exists(left))


class LeadIndex(IndexView):
    """A list of the pages of the default language: the others hang on them."""

    def get_base_queryset(self) -> QuerySet[Any]:
        """Leave out translations and aliases."""
        pages: QuerySet[Any] = super().get_base_queryset()
        return pages.filter(locale__language_code=languages.default(), alias_of=None)


class ProductIndex(LeadIndex):
    """The products with picture, price and stock."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """Offer the list as a table, filtered as it is, to those who may bring one back."""
        buttons: list[Any] = super().header_more_buttons
        if _may_import(self.request.user):
            asked = self.request.GET.urlencode()
            for place, form in enumerate(("csv", "xlsx")):
                address = f"{reverse('imports:export', args=[form])}?{asked}"
                label = _("Download for editing (%(form)s)") % {"form": form.upper()}
                buttons.append(Button(label, url=address, icon_name="download", priority=200 + place))
            buttons.append(
                Button(_("Import products"), url=reverse("imports:index"), icon_name="upload", priority=210)
            )
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the shop knows of the products on this page of the list."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        facts.attach(context["object_list"])
        return context


def _may_import(user: Any) -> bool:
    index = ProductIndexPage.objects.filter(locale__language_code=languages.default(), alias_of=None).first()
    return bool(index and index.permissions_for_user(user).can_publish_subpage())


class ProductListing(PageListingViewSet):
    """The products as one flat list, with a menu item of its own."""

    model = ProductPage
    index_view_class = ProductIndex
    filterset_class = ProductFilterSet
    icon = "tag"
    menu_label = _("Products")
    menu_order = 110
    add_to_admin_menu = True
    ordering = "-latest_revision_created_at"
    columns = [
        BulkActionsColumn("bulk_actions"),
        ThumbnailColumn("thumbnail", label="", accessor="facts.thumbnail", width="72px"),
        PageTitleColumn("title", label=_("Title"), sort_key="title", classname="title"),
        Column("skus", label=_("Variants"), accessor="facts.skus"),
        Column("price", label=_("Price"), accessor="facts.price"),
        Column("available", label=_("Left"), accessor="facts.available"),
        Column("languages", label=_("Languages"), accessor="facts.languages"),
        DateColumn("latest_revision_created_at", label=_("Updated"), sort_key="latest_revision_created_at"),
        PageStatusColumn("status", label=_("Status"), sort_key="live"),
    ]


class CategoryFilterSet(ShopPageFilterSet):
    """Filters for categories."""

    class Meta(ShopPageFilterSet.Meta):
        model = CategoryPage


class CategoryListing(PageListingViewSet):
    """The categories; their order is changed in the page tree."""

    model = CategoryPage
    index_view_class = LeadIndex
    filterset_class = CategoryFilterSet
    icon = "folder-open-1"
    menu_label = _("Categories")
    menu_order = 111
    add_to_admin_menu = True


class StoryFilterSet(ShopPageFilterSet):
    """Filters for stories."""

    class Meta(ShopPageFilterSet.Meta):
        model = StoryPage


class StoryListing(PageListingViewSet):
    """The stories."""

    model = StoryPage
    index_view_class = LeadIndex
    filterset_class = StoryFilterSet
    icon = "doc-full"
    menu_label = _("Stories")
    menu_order = 112
    add_to_admin_menu = True
