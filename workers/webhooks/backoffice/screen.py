"""What all screens of one endpoint share: who may enter, which endpoint, the way back."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from workers.models import WebhookEndpoint
from workers.webhooks.backoffice import policies

ICON = "link-external"


def page_of(endpoint: WebhookEndpoint) -> str:
    """Return the address of an endpoint's page."""
    return reverse("webhooks:inspect", args=[endpoint.pk])


class Screen(WagtailAdminTemplateMixin):
    """A screen for managers; with `pk` in its address it is about that endpoint."""

    header_icon = ICON
    _show_breadcrumbs = True
    request: HttpRequest
    endpoint: WebhookEndpoint | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let managers in; nothing here is kept by a browser, for a page may show a secret."""
        if not request.user.has_perm(policies.MANAGE):
            raise PermissionDenied
        if "pk" in kwargs:
            self.endpoint = WebhookEndpoint.objects.filter(pk=kwargs["pk"]).first()
            if self.endpoint is None:
                raise Http404
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(answer)
        return answer

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list and to the endpoint."""
        items = [*self.breadcrumbs_items, {"url": reverse("webhooks:index"), "label": _("Webhooks")}]
        if self.endpoint is not None:
            items.append({"url": page_of(self.endpoint), "label": self.endpoint.name})
        items.append({"url": "", "label": self.get_page_title()})
        return items

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the endpoint."""
        return {**super().get_context_data(**kwargs), "endpoint": self.endpoint}
