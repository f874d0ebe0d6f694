"""Find the visitor's list: by the account when signed in, else by the signed cookie that the browser carries."""

import uuid
from datetime import datetime

from django.core import signing
from django.http import HttpRequest, HttpResponse

from commerce import cookies
from commerce.wishlist import services

COOKIE = "wishlist"
_SALT = "commerce.wishlist"


def token(request: HttpRequest) -> uuid.UUID | None:
    """Return the token of the guest's list; None without a cookie or when it was tampered with."""
    try:
        return uuid.UUID(signing.loads(cookies.read(request, name=COOKIE), salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def carried(request: HttpRequest) -> bool:
    """Return whether the browser carries a list, good or not."""
    return bool(cookies.read(request, name=COOKIE))


def customer(request: HttpRequest) -> int | None:
    """Return who is signed in; middleware that runs before sessions knows nobody."""
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


def join(request: HttpRequest, *, now: datetime) -> bool:
    """Let a guest's list join the account's once its owner is signed in; return whether the cookie is used up."""
    found, who = token(request), customer(request)
    if found is None or who is None:
        return False
    services.merge(token=found, customer_id=who, now=now)
    return True


def remember(response: HttpResponse, *, token: uuid.UUID) -> None:
    """Let the browser carry the list for half a year."""
    value = signing.dumps(str(token), salt=_SALT)
    cookies.write(response, name=COOKIE, value=value, seconds=int(services.KEPT.total_seconds()))


def forget(response: HttpResponse) -> None:
    """Let the browser drop the list: it is the account's now."""
    cookies.forget(response, name=COOKIE)
