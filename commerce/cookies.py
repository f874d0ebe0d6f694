"""Cookies of the shop's own: out of reach of scripts and of other hosts.

Where the shop speaks https their names begin with `__Host-`: browsers then take them from this very host only, over
https, so that no neighbour below the same domain can lay one under a shopper. They had plain names before; those are
still read, so that nobody loses a cart when a release brings the new ones.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PREFIX = "__Host-"


def called(name: str) -> str:
    """Return what a cookie is called here and now."""
    return f"{PREFIX}{name}" if settings.SESSION_COOKIE_SECURE else name


def read(request: HttpRequest, *, name: str) -> str:
    """Return what the browser carries under today's name, else under the one of before; empty when it carries none."""
    return request.COOKIES.get(called(name)) or request.COOKIES.get(name, "")


def write(response: HttpResponse, *, name: str, value: str, seconds: int) -> None:
    """Let the browser carry a value for so many seconds; one under the name of before goes."""
    response.set_cookie(
        called(name),
        value,
        max_age=seconds,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    if called(name) != name:
        _drop(response, name)


def forget(response: HttpResponse, *, name: str) -> None:
    """Let the browser drop it, whichever name it has there."""
    for known in {called(name), name}:
        _drop(response, known)


def _drop(response: HttpResponse, name: str) -> None:
    response.delete_cookie(name, samesite="Lax")
    response.cookies[name]["secure"] = (
        settings.SESSION_COOKIE_SECURE
    )  # browsers refuse to drop `__Host-` without
    response.cookies[name]["httponly"] = True
