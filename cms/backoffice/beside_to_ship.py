"""What pages beside the list of orders to ship share: who may see them, and the way back to the list."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.backoffice import policies


class BesideToShip(WagtailAdminTemplateMixin):
    """Goes before Django's view in a class's bases."""

    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let through who may act on orders."""
        if not request.user.has_perm(policies.ACT_ON_ORDERS):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("to-ship:index"), "label": _("To ship")},
            {"url": "", "label": self.page_title},
        ]
