"""Find the shopper's cart: a customer's by who is signed in, a guest's by the signed cookie that the browser carries."""

import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from commerce import cookies
from commerce.cart import selectors

COOKIE = "cart"
_SALT = "commerce.cart"


def token(request: HttpRequest) -> uuid.UUID | None:
    """Return the token of the shopper's cart; None when there is none yet.

    A customer has the same cart on every device; no cookie leads to it, so it stays when nobody is signed in.
    """
    owner = customer_id(request)
    return selectors.token_of(customer_id=owner) if owner else guest_token(request)


def customer_id(request: HttpRequest) -> int | None:
    """Return who is signed in; None for a guest."""
    user = getattr(request, "user", None)  # copies of pages are filled before anybody is known
    return user.pk if user is not None and user.is_authenticated else None


def guest_token(request: HttpRequest) -> uuid.UUID | None:
    """Return the token in the browser's cookie; None without one or when it was tampered with."""
    try:
        return uuid.UUID(signing.loads(cookies.read(request, name=COOKIE), salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def carried(request: HttpRequest) -> bool:
    """Return whether the browser carries a cart, good or not."""
    return bool(cookies.read(request, name=COOKIE))


def remember(response: HttpResponse, *, token: uuid.UUID) -> None:
    """Let the browser carry the cart for thirty days."""
    value = signing.dumps(str(token), salt=_SALT)
    cookies.write(response, name=COOKIE, value=value, seconds=settings.CART_COOKIE_AGE)


def forget(response: HttpResponse) -> None:
    """Let the browser drop the cart: its order is placed."""
    cookies.forget(response, name=COOKIE)
