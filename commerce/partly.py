"""Pages of which scripts may fetch a part (htmx): the header says so, and caches must keep the two apart."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

HEADER = "HX-Request"
_TARGET = "HX-Target"
_GRID = "grid"  # id of the list that "load more" adds to
_RESTORED = "HX-History-Restore-Request"  # a whole page in place of one that a browser has forgotten


def asked(request: HttpRequest) -> bool:
    """Return whether a script asks, for a part or for a whole page."""
    return HEADER in request.headers


def wanted(request: HttpRequest) -> bool:
    """Return whether a part of the page is enough."""
    return request.headers.get(HEADER) == "true" and _RESTORED not in request.headers


def adds(request: HttpRequest) -> bool:
    """Return whether a script asks for what comes behind all that it shows already."""
    return wanted(request) and request.headers.get(_TARGET) == _GRID


def told_apart(response: HttpResponse) -> HttpResponse:
    """Say to every cache that the part and the page are not the same, and return the response."""
    patch_vary_headers(response, [HEADER, _TARGET])
    return response


def whole(response: HttpResponse) -> HttpResponse:
    """Tell a script that asked for a part to load the page instead, and return the response."""
    response["HX-Refresh"] = "true"
    return response
