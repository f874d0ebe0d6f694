"""What pages about one order share: who may see them, which order, and the way back to it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.backoffice import policies
from commerce.orders import selectors as orders
from commerce.orders.models import Order


class AboutOrder(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # not generic at run time
    """A form about the order whose key is `pk` in the address."""

    header_icon = "form"
    _show_breadcrumbs = True
    order: Order

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let through who may act on orders, with what the page is about."""
        if not request.user.has_perm(policies.ACT_ON_ORDERS):
            raise PermissionDenied
        return self.find() or super().dispatch(request, *args, **kwargs)

    def find(self) -> HttpResponse | None:
        """Read what the page is about; return an answer that takes the page's place, if one has to.

        Raises:
            Http404: there is no such order.
        """
        try:
            self.order = orders.by_id(order_id=self.kwargs["pk"])
        except Order.DoesNotExist as unknown:
            raise Http404 from unknown
        return None

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the order."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("orders:index"), "label": _("Orders")},
            {"url": self.get_success_url(), "label": self.order.number},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_success_url(self) -> str:
        """Return to the order."""
        return reverse("orders:inspect", args=[self.order.pk])
