"""Absolute addresses in the shop, for those who read them elsewhere."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from commerce.orders.models import Order
from workers.models import WebhookEndpoint


def order_page(*, order: Order) -> str:
    """Return the address of an order's page in the order's language."""
    with translation.override(order.language):
        return home() + reverse("order", args=[order.token])


def refund_account(*, order: Order) -> str:
    """Return the address of the page on which a shopper says where a refund may go."""
    with translation.override(order.language):
        return home() + reverse("refund-account", args=[order.token])


def webhook_page(*, endpoint: WebhookEndpoint) -> str:
    """Return the address of a webhook's page in the back office."""
    return home() + reverse("webhooks:inspect", args=[endpoint.pk])


def home() -> str:
    """Return the shop's own address, without a slash at the end."""
    return settings.SHOP_BASE_URL.rstrip("/")
