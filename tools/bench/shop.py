"""The shop that is measured, and the empty view beside it."""

import contextlib
from collections.abc import Callable, Iterator

from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, path

from config import urls

FLOOR = "/bench-floor/"


def prepare() -> None:
    """Create tables and the demo shop."""
    call_command("migrate", verbosity=0)
    call_command("seed_demo", verbosity=0)


def client() -> Client:
    """Return a browser that keeps no cookies of importance."""
    return Client(headers={"host": "localhost"})


def queries(act: Callable[[], None]) -> int:
    """Return how many queries an act makes."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


@contextlib.contextmanager
def floor() -> Iterator[str]:
    """Serve an empty page through the shop's own middleware while the block runs."""
    route = path(FLOOR.lstrip("/"), _empty)
    urls.urlpatterns.insert(0, route)
    clear_url_caches()
    try:
        yield FLOOR
    finally:
        urls.urlpatterns.remove(route)
        clear_url_caches()


def _empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")
