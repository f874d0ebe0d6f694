"""The menu group "Shop" and the addresses behind it."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from cms.backoffice import prints
from cms.backoffice.accesses import AccessViewSet, ReportViewSet, RetainedViewSet
from cms.backoffice.claim_views import ClaimViewSet
from cms.backoffice.comparisons import ComparisonViewSet
from cms.backoffice.coupons import CouponViewSet
from cms.backoffice.couriers import CourierViewSet
from cms.backoffice.explain_page import ExplainPage, UnexplainPage
from cms.backoffice.order_act_page import OrderActPage
from cms.backoffice.order_list import OrderFilters, OrderIndex
from cms.backoffice.order_page import OrderPage
from cms.backoffice.parcel_pages import DeliveredPage, DispatchPage, TakeBackPage, TrackingPage
from cms.backoffice.questions import QuestionViewSet
from cms.backoffice.read_only import ReadOnlyViewSet
from cms.backoffice.refund_page import RefundPage
from cms.backoffice.reviews import ReviewViewSet
from cms.backoffice.send_many import SendPage
from cms.backoffice.shipping import ShippingViewSet
from cms.backoffice.stock_list import StockFilters, StockIndex
from cms.backoffice.stock_page import StockPage
from cms.backoffice.to_ship_list import ToShipFilters, ToShipIndex
from cms.backoffice.tracking_pages import UploadPage
from cms.backoffice.zones import ZoneViewSet
from commerce.inventory.models import StockItem
from commerce.orders.models import Order


class OrderViewSet(ModelViewSet):
    """Orders: a list, a page, and acts. Nobody adds, edits or deletes one by hand."""

    model = Order
    name = "orders"
    icon = "clipboard-list"
    menu_label = _("Orders")
    add_to_reference_index = False
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 30
    form_fields = ["flag"]  # no form is ever made of it: there is no edit view
    index_view_class = OrderIndex
    inspect_view_class = OrderPage
    filterset_class = OrderFilters

    def get_urlpatterns(self) -> list[URLPattern]:
        """Leave every raw form out."""
        act = self.construct_view(OrderActPage)
        parcel = "<int:pk>/parcels/<int:shipment>/"
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.inspect_view, name="inspect"),
            path("<int:pk>/parcels/", self.construct_view(DispatchPage), name="dispatch"),
            path(f"{parcel}tracking/", self.construct_view(TrackingPage), name="tracking"),
            path(f"{parcel}delivered/", self.construct_view(DeliveredPage), name="delivered"),
            path(f"{parcel}take-back/", self.construct_view(TakeBackPage), name="take-back"),
            path("<int:pk>/give-back/", self.construct_view(RefundPage), name="refund"),
            path("<int:pk>/refunds/<int:refund>/", self.construct_view(ExplainPage), name="explain"),
            path(
                "<int:pk>/refunds/<int:refund>/take-back/",
                self.construct_view(UnexplainPage),
                name="unexplain",
            ),
            path("<int:pk>/<slug:slug>/", act, name="act"),
        ]

    def register_admin_url_finder(self) -> None:
        """Have none: it would look for an edit view."""


class ToShipViewSet(ModelViewSet):
    """What must be sent: a list, sheets to print, a file for couriers, and the way back for its numbers."""

    model = Order
    name = "to-ship"
    icon = "redirect"
    menu_label = _("To ship")
    add_to_reference_index = False
    list_per_page = 50
    form_fields = ["flag"]  # no form is ever made of it: there is no edit view
    index_view_class = ToShipIndex
    index_template_name = "backoffice/to_ship.html"
    filterset_class = ToShipFilters

    def get_urlpatterns(self) -> list[URLPattern]:
        """Leave every raw form out."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("upload/", self.construct_view(UploadPage), name="upload"),
            path("send/", self.construct_view(SendPage), name="send"),
            path("download/", prints.download, name="download"),
            path("print/<slug:kind>/", prints.sheets, name="print"),
        ]

    def register_admin_url_finder(self) -> None:
        """Have none: it would look for an edit view."""


class StockViewSet(ReadOnlyViewSet):
    """Stock: a list, and a page per item whose forms call the service."""

    model = StockItem
    name = "stock"
    icon = "table"
    menu_label = _("Stock")
    list_per_page = 50
    form_fields = ["on_hand"]  # no form is ever made of it: there is no edit view
    index_view_class = StockIndex
    inspect_view_class = StockPage
    filterset_class = StockFilters


class FlaggedOrders(ViewSet):
    """The list of orders again, with the filter set to what staff must look at: a menu entry, no addresses."""

    name = "flagged-orders"
    icon = "warning"
    menu_label = _("Payments to check")

    @cached_property
    def menu_url(self) -> str:
        """Return the address of the filtered list."""
        return f"{reverse('orders:index')}?flagged=true"

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        """Show it to those who may see orders."""
        return _OrdersItem


class _OrdersItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return bool(request.user.has_perm("commerce.view_order"))


class ShopGroup(ViewSetGroup):
    """What shop staff works with."""

    menu_label = pgettext_lazy("back office", "Shop")
    menu_name = "shop"
    menu_icon = "home"
    menu_order = 90
    submenu_hook = "register_shop_menu_item"
    items = (
        OrderViewSet,
        ToShipViewSet,
        ClaimViewSet,
        ReviewViewSet,
        QuestionViewSet,
        CouponViewSet,
        FlaggedOrders,
        ComparisonViewSet,
        StockViewSet,
        ShippingViewSet,
        ZoneViewSet,
        CourierViewSet,
        AccessViewSet,
        RetainedViewSet,
        ReportViewSet,
    )
