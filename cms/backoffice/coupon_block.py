"""What an order's page shows of coupons: the one that it used, and the way to the customer's."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms.backoffice import policies, words
from commerce.coupons import selectors
from commerce.orders.models import Order


def of(*, order: Order, user: Any) -> dict[str, Any]:
    """Return the used coupon with its sum and when it came back, and the address of the customer's coupons."""
    used = selectors.of_order(order=order)
    sees = user.has_perm(policies.SEE_COUPONS)
    may_follow = sees and order.customer_id and user.has_perm(policies.SEE_PEOPLE)
    coupon = None
    if used:
        coupon = {
            "title": used.ticket.coupon.title(get_language() or "ko"),
            "url": reverse("coupons:inspect", args=[used.ticket.coupon_id]) if sees else "",
            "returned_at": words.moment(used.returned_at),
        }
    return {
        "coupon": coupon,
        "coupons_url": reverse("coupons:person", args=[order.customer_id]) if may_follow else "",
    }


def label(*, coupon: dict[str, Any] | None) -> words.Words:
    """Return what the sum is called that was taken off."""
    return f"{_('Coupon')} ({coupon['title']})" if coupon else _("Discount")
