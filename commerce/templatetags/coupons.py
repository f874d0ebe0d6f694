"""Coupons in templates, in words."""

from django import template

from commerce.coupons import selectors, words
from commerce.coupons.models import Coupon, CouponUse
from commerce.coupons.rules import Reason
from commerce.orders.models import Order

register = template.Library()


@register.simple_tag
def coupon_title(coupon: Coupon) -> str:
    """Return what a coupon is called."""
    return words.title(coupon=coupon)


@register.simple_tag
def coupon_terms(coupon: Coupon) -> str:
    """Return what it takes off, and from which sum of goods on."""
    return ", ".join(filter(None, [words.value(coupon=coupon), words.condition(coupon=coupon)]))


@register.simple_tag
def coupon_value(coupon: Coupon) -> str:
    """Return what it takes off."""
    return words.value(coupon=coupon)


@register.simple_tag
def coupon_condition(coupon: Coupon) -> str:
    """Return from which sum of goods on it may be used."""
    return words.condition(coupon=coupon)


@register.simple_tag
def coupon_of(order: Order) -> CouponUse | None:
    """Return the coupon that an order used; None without asking when nothing was taken off it."""
    return selectors.of_order(order=order)


@register.simple_tag
def coupon_left(days: int) -> str:
    """Return for how long a ticket can still be used."""
    return words.left(days=days)


@register.simple_tag
def coupon_refusal(reason: str, coupon: Coupon) -> str:
    """Return why a ticket cannot be used."""
    return words.refusal(reason=Reason(reason), coupon=coupon)
