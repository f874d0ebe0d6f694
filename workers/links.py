"""Absolute addresses in the shop, for those who read them elsewhere."""

from django.conf import settings

from commerce.orders.models import Order


def order_page(*, order: Order) -> str:
    """Return the address of an order's page in the order's language."""
    prefix = "" if order.language == settings.LANGUAGE_CODE else f"/{order.language}"
    return f"{home()}{prefix}/orders/{order.token}/"


def home() -> str:
    """Return the shop's own address, without a slash at the end."""
    return settings.SHOP_BASE_URL.rstrip("/")
