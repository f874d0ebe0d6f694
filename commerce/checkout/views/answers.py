"""What the views of the checkout share: kinds of answers, the reader's language, and the order of an address."""

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control

from commerce.catalog.shapes import DEFAULT_LANGUAGE
from commerce.orders import selectors as orders
from commerce.orders.models import Order

unshared = cache_control(private=True, no_store=True)


class SeeOther(HttpResponseRedirect):
    """Go on with a GET, whatever the form's method was."""

    status_code = 303


def order_of(*, token: str, lines: bool = False) -> Order:
    """Return the order of an address, to pay it.

    Raises:
        Http404: there is none.
    """
    order = orders.to_pay(token=token, lines=lines)
    if order is None:
        raise Http404
    return order


def language() -> str:
    """Return the reader's language."""
    return get_language() or DEFAULT_LANGUAGE


def sandbox() -> bool:
    """Return whether payments go anywhere but to PortOne itself: then the page says that they are tests."""
    return not settings.PORTONE_API_BASE_URL.startswith("https://api.portone.io")
