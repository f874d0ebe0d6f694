"""The answer to somebody who tries too often: how long to wait, in words."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from commerce import limits
from commerce.limits import client as client  # noqa: PLC0414  # callers find it here


def wait(request: HttpRequest, *, name: str, tries: int, seconds: int, now: datetime) -> int:
    """Count a try of this visitor and return how many seconds to wait; 0 when it may be made."""
    return limits.seconds_to_wait(
        name=name, who=limits.client(request), tries=tries, seconds=seconds, now=now
    )


def words(*, wait: int) -> str:
    """Return how long to wait."""
    minutes = -(-wait // 60)
    return ngettext(
        "Too many tries. Please try again in %(count)d minute.",
        "Too many tries. Please try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


def refused(response: HttpResponse, *, wait: int) -> HttpResponse:
    """Say to machines what the page says to people, and return it."""
    response.status_code = 429
    response["Retry-After"] = str(wait)
    return response
