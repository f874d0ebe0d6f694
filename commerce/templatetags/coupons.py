"""Coupons in templates, in words."""

from django import template

from commerce.coupons import words
from commerce.coupons.models import Coupon
from commerce.coupons.rules import Reason

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
def coupon_left(days: int) -> str:
    """Return for how long a ticket can still be used."""
    return words.left(days=days)


@register.simple_tag
def coupon_refusal(reason: str, coupon: Coupon) -> str:
    """Return why a ticket cannot be used."""
    return words.refusal(reason=Reason(reason), coupon=coupon)
