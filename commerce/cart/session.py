"""Find the shopper's cart by the signed cookie that the browser carries."""

import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "cart"
_SALT = "commerce.cart"


def token(request: HttpRequest) -> uuid.UUID | None:
    """Return the token of the shopper's cart; None without a cookie or when it was tampered with."""
    try:
        return uuid.UUID(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def remember(response: HttpResponse, *, token: uuid.UUID) -> None:
    """Let the browser carry the cart for thirty days."""
    response.set_cookie(
        COOKIE,
        signing.dumps(str(token), salt=_SALT),
        max_age=settings.CART_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    """Let the browser drop the cart: its order is placed."""
    response.delete_cookie(COOKIE, samesite="Lax")
