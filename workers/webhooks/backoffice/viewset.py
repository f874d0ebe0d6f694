"""The menu entry and the addresses of the webhooks' screens."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet

from workers.models import WebhookEndpoint
from workers.webhooks.backoffice.act_page import ActPage
from workers.webhooks.backoffice.delivery_page import DeliveryPage
from workers.webhooks.backoffice.edit_page import AddPage, EditPage
from workers.webhooks.backoffice.listing import WebhookIndex
from workers.webhooks.backoffice.page import EndpointPage
from workers.webhooks.backoffice.screen import ICON


class WebhookViewSet(ModelViewSet):
    """Webhooks: a list, a form, a page with the log, and acts."""

    model = WebhookEndpoint
    icon = ICON
    menu_label = _("Webhooks")
    menu_hook = "register_shop_menu_item"
    menu_order = 80
    add_to_reference_index = False
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 30
    form_fields = ["name"]  # no form is ever made of it: the screens have their own
    index_view_class = WebhookIndex

    def get_urlpatterns(self) -> list[URLPattern]:
        """Have our own screens around Wagtail's list and history."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", AddPage.as_view(), name="add"),
            path("<int:pk>/", EndpointPage.as_view(), name="inspect"),
            path("<int:pk>/edit/", EditPage.as_view(), name="edit"),
            path("<int:pk>/history/", self.history_view, name="history"),
            path("<int:pk>/history/results/", self.history_results_view, name="history_results"),
            path("<int:pk>/deliveries/<int:delivery>/", DeliveryPage.as_view(), name="delivery"),
            path("<int:pk>/<slug:slug>/", ActPage.as_view(), name="act"),
        ]

    def register_admin_url_finder(self) -> None:
        """Have none: nothing else leads here."""
