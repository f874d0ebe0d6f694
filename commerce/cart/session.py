"""Find the shopper's cart by the signed cookie that the browser carries."""

import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from commerce import cookies

COOKIE = "cart"
_SALT = "commerce.cart"


def token(request: HttpRequest) -> uuid.UUID | None:
    """Return the token of the shopper's cart; None without a cookie or when it was tampered with."""
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
