"""What pages about one coupon share: who may see them, which coupon, and the way back to it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.backoffice import policies
from commerce.coupons.models import Coupon


class CouponPages(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # not generic at run time
    """A form of the back office for those who have every permission of `needs`."""

    header_icon = "tag"
    _show_breadcrumbs = True
    needs: tuple[str, ...] = (policies.ACT_ON_COUPONS,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let through who may, with what the page is about."""
        if not request.user.has_perms(self.needs):
            raise PermissionDenied
        self.find()
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> None:
        """Read what the page is about.

        Raises:
            Http404: it is not there.
        """

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what is wrong."""
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("coupons:index"), "label": _("Coupons")},
            *self.way_back(),
            {"url": "", "label": self.get_page_title()},
        ]

    def way_back(self) -> list[dict[str, Any]]:
        """Return what lies between the list and this page."""
        return []


class AboutCoupon(CouponPages):
    """A form about the coupon whose key is `pk` in the address."""

    coupon: Coupon

    def find(self) -> None:
        """Read the coupon."""
        self.coupon = _coupon(self.kwargs["pk"])

    @cached_property
    def title(self) -> str:
        """Return what it is called."""
        return self.coupon.title(get_language() or "ko")

    def way_back(self) -> list[dict[str, Any]]:
        """Lead back to the coupon."""
        return [{"url": self.get_success_url(), "label": self.title}]

    def get_success_url(self) -> str:
        """Return to the coupon."""
        return reverse("coupons:inspect", args=[self.coupon.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the coupon."""
        return {**super().get_context_data(**kwargs), "coupon": self.coupon, "coupon_title": self.title}


def _coupon(key: int) -> Coupon:
    found = Coupon.objects.filter(pk=key).first()
    if found is None:
        raise Http404
    return found
