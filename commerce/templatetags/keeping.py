"""What a guest can do with an order beyond its page: keep it in an account."""

from typing import Any

from django import template

from commerce.cart import session
from commerce.mypage import services
from commerce.mypage.keeping.forms import KeepOrder
from commerce.orders.models import Order

register = template.Library()


@register.inclusion_tag("mypage/claim.html", takes_context=True)
def keep_order(context: dict[str, Any], order: Order) -> dict[str, Any]:
    """Offer an account: with one password to the browser that placed the order, else by signing up or in."""
    request = context["request"]
    theirs = order.customer_id is not None and order.customer_id == request.user.pk
    guests = not theirs and (order.customer_id is None or services.awaits_proof(order=order))
    own = guests and not request.user.is_authenticated
    mine = own and services.may_keep(order=order, cart_token=session.guest_token(request))
    return {
        "order": order,
        "guests": guests,
        "form": KeepOrder(order=order) if mine else None,
        "user": request.user,
        "csrf_token": context.get("csrf_token"),
        "shop_settings": context.get("shop_settings"),
    }
