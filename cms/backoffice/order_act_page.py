"""Ask before an act on an order, do it, and say what came of it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from cms.backoffice import order_acts, people, policies
from commerce.orders import selectors as orders
from commerce.orders.models import Order
from commerce.payments import portone


class OrderActPage(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # not generic at run time
    """The question (GET) and the deed (POST); a refusal is told above the same question."""

    template_name = "backoffice/act.html"
    header_icon = "form"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let through who may act, with an order and an act that exist."""
        if not request.user.has_perm(policies.ACT_ON_ORDERS):
            raise PermissionDenied
        try:
            self.order = orders.by_id(order_id=kwargs["pk"])
            self.act = order_acts.ACTS[kwargs["slug"]]
        except (Order.DoesNotExist, KeyError) as unknown:
            raise Http404 from unknown
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_form_class(self) -> Any:
        """Ask for a note where the act needs one."""
        return self.act.form

    def get_page_title(self) -> Any:
        """Call the page by what will be done."""
        return self.act.label

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the order."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("orders:index"), "label": _("Orders")},
            {"url": self.get_success_url(), "label": self.order.number},
            {"url": "", "label": self.act.label},
        ]

    def get_success_url(self) -> str:
        """Return to the order."""
        return reverse("orders:inspect", args=[self.order.pk])

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it as the person who asked."""
        user = self.request.user
        try:
            with people.acting(user):
                told = order_acts.perform(
                    act=self.act,
                    order=self.order,
                    answers=form.cleaned_data,
                    gateway=portone.gateway(),
                    now=timezone.now(),
                )
        except order_acts.UnableToAct as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        log(instance=self.order, action=f"backoffice.{self.act.slug}", user=user, data=form.cleaned_data)
        messages.success(self.request, told)
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the act and the order."""
        return {**super().get_context_data(**kwargs), "act": self.act, "order": self.order}
