"""The page of a coupon: what it says, what came of it, its orders, and what staff did. It shows nobody's name."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from cms.backoffice import coupon_history, coupon_words, policies, words
from commerce.coupons import reports
from commerce.coupons import words as shop_words
from commerce.coupons.models import Coupon, CouponUse

_ORDERS = 20  # on a page


class CouponPage(generic.InspectView):
    """The page."""

    template_name = "backoffice/coupon.html"
    fields = ["title_ko"]
    object: Coupon

    def get_object(self, queryset: Any = None) -> Coupon:
        """Read the coupon."""
        found = Coupon.objects.filter(pk=self.pk).first()
        if found is None:
            raise Http404
        return found

    def get_page_title(self) -> str:
        """Call the page by the coupon's title."""
        return self.object.title(get_language() or "ko")

    def get_page_subtitle(self) -> str:
        """Say nothing twice."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Coupons")},
            {"url": "", "label": self.get_page_title()},
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Have none: what can be done is on the page."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template shows."""
        coupon, user, now = self.object, self.request.user, timezone.now()
        state = coupon_words.state(coupon=coupon, now=now)
        may_act = user.has_perm(policies.ACT_ON_COUPONS)
        sees_people = user.has_perm(policies.SEE_PEOPLE)
        orders = _orders(coupon, self.request.GET.get("p")) if user.has_perm("commerce.view_order") else None
        return {
            **super().get_context_data(**kwargs),
            "coupon": coupon,
            "state": (coupon_words.STATES[state], coupon_words.TONES[state]),
            "sentences": coupon_words.sentences(coupon=coupon),
            "facts": _facts(coupon),
            "figures": _figures(coupon, now),
            "may_change": may_act and state != "withdrawn",
            "may_give": may_act and sees_people and state in ("planned", "running"),
            "sees_people": sees_people,
            "page_obj": orders,
            "orders": [_order(use) for use in orders or ()],
            "steps": coupon_history.of(coupon=coupon),
        }


def _figures(coupon: Coupon, now: Any) -> list[tuple[words.Words, str]]:
    found = reports.figures(coupon_id=coupon.pk, now=now)
    return [
        (_("Number given out"), coupon_words.count(coupon=coupon)),
        (_("Number used"), f"{found.used:,}"),
        (_("Came back"), f"{found.returned:,}"),
        (_("Still to be used"), f"{found.unused:,}"),
        (_("Won taken off"), words.won(found.took)),
        (_("Goods in these orders"), words.won(found.goods)),
    ]


def _facts(coupon: Coupon) -> list[tuple[words.Words, Any]]:
    rows: list[tuple[words.Words, Any]] = [
        (_("What it takes off"), shop_words.value(coupon=coupon)),
        (_("On condition"), shop_words.condition(coupon=coupon) or _("Any order")),
        (_("When it is good"), coupon_words.window(coupon=coupon)),
        (_("Days that each one lives"), coupon.lives_days or _("Until the end")),
        (_("Coupon code"), coupon.code or _("No code")),
        (_("How many at most"), f"{coupon.issue_limit:,}" if coupon.issue_limit else _("No limit")),
        (_("Given on joining"), _("yes") if coupon.on_joining else _("no")),
    ]
    return rows


def _orders(coupon: Coupon, number: str | None) -> Any:
    return Paginator(reports.uses(coupon_id=coupon.pk), _ORDERS).get_page(number)


def _order(use: CouponUse) -> dict[str, Any]:
    return {
        "pk": use.order_id,
        "number": use.order.number,
        "at": words.moment(use.used_at),
        "amount": words.won(use.amount),
        "goods": words.won(use.order.items_total),
        "state": use.order.get_status_display(),
        "tone": words.TONES.get(use.order.status, "calm"),
        "returned": words.moment(use.returned_at),
    }
