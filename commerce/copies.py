"""Copies of what every visitor sees alike, kept under one version: a new version throws all of them away.

Facts bring it (`commerce.events.shown`), never the clock; what copies hold besides is never older than a few minutes.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse

from commerce.near import Near

VERSION = "copies:version"  # the cache's key of it
_near: Near[str] = Near(most=1)


def version() -> str:
    """Return the version that copies have now; one that nothing was kept under while the cache is away.

    A process asks again after `PAGE_COPIES_NEAR` seconds: so much later a change is seen by all.
    """
    return known() or _fresh()


def known() -> str:
    """Return the version that copies have now; nothing while the cache is away."""
    if near := _near.get(VERSION):
        return near
    try:
        found: str | None = cache.get(VERSION)
        if found is None:  # nobody asked yet, or the cache was emptied: never a version that was used before
            cache.add(VERSION, _fresh(), timeout=None)
            found = cache.get(VERSION)
    except Exception:  # noqa: BLE001  # whatever the cache's driver raises: a page without copies is only slower
        return ""
    if found:
        _near.keep(VERSION, found, seconds=settings.PAGE_COPIES_NEAR)
    return found or ""


def forget() -> None:
    """Throw every copy away: what is shown from now on is read anew."""
    cache.set(VERSION, _fresh(), timeout=None)
    _near.clear()


def alike(response: HttpResponse, *, seconds: int, ends_at: datetime | None = None) -> HttpResponse:
    """Say that every visitor gets the same page, so that a copy may be kept for `seconds`, and return it.

    `ends_at` is a moment at which the page changes by itself: no copy is shown from then on, whatever kept it.
    """
    response._alike_seconds = seconds  # type: ignore[attr-defined]
    response._alike_ends_at = ends_at  # type: ignore[attr-defined]
    return response


def seconds(response: HttpResponse) -> int:
    """Return how long a copy of a page may be kept; 0 for one that is a visitor's own."""
    found: int = getattr(response, "_alike_seconds", 0)
    return found


def ends_at(response: HttpResponse) -> datetime | None:
    """Return the moment at which a page changes by itself, if its view knows of one."""
    found: datetime | None = getattr(response, "_alike_ends_at", None)
    return found


def seconds_until(edges: Iterable[datetime | None], *, now: datetime, most: int) -> int:
    """Return how long a page may be kept: `most` seconds, or until the first of its edges."""
    ahead = [(edge - now).total_seconds() for edge in edges if edge]
    return max(int(min([most, *ahead])), 0)


def _fresh() -> str:
    return uuid.uuid4().hex
