"""The number of things in the cart, on every page: the one part of it that differs between visitors."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext


def badge(*, count: int) -> SafeString:
    """Return the number as the header shows it, in the current language."""
    return format_html(
        '<span class="count" role="status" data-count="{0}" id="cart-count">{0}<span class="visually-hidden"> {1}</span></span>',
        count,
        gettext("items in your cart"),
    )
