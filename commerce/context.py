"""What every shop page knows of the shopper."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from commerce import copies
from commerce.cart import selectors as carts
from commerce.cart import session
from commerce.catalog import selectors as catalog
from commerce.wishlist import selectors as wishes
from commerce.wishlist import session as wish_session


def shop(request: HttpRequest) -> dict[str, Any]:
    """Add the menu and the number of things in the cart and whose hearts are full; all are read only where a template asks.

    `edition` is what parts are kept under that every page of a language has in common.
    """
    return {
        "menu_path": None,  # the shelf that a page belongs to: views say which
        "edition": SimpleLazyObject(
            lambda: f"{copies.version()} {request.get_host()} {get_language() or 'ko'}"
        ),
        "menu": SimpleLazyObject(lambda: catalog.category_tree(language=get_language() or "ko")),
        "wished": SimpleLazyObject(
            lambda: wishes.slugs(
                token=wish_session.token(request), customer_id=wish_session.customer(request)
            )
        ),
        "cart_count": SimpleLazyObject(lambda: carts.count(token=session.token(request))),
    }
