"""Say whether the shop works, before any other middleware could get in the way."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answer `/health/live/`, `/health/ready/` and `/health/`; everything else goes on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/health/live/":
            return JsonResponse({"status": "ok"})
        if request.path in ("/health/", "/health/ready/"):
            return _report()
        return self.get_response(request)


def _report() -> JsonResponse:
    states = {"database": _state(_database), "cache": _state(_cache)}
    healthy = all(state == "ok" for state in states.values())
    body = {"status": "ok" if healthy else "unhealthy", **states, "sandbox": sandbox()}
    return JsonResponse(body, status=200 if healthy else 503)


def sandbox() -> bool:
    """Return whether payments go anywhere but to PortOne itself."""
    return not settings.PORTONE_API_BASE_URL.startswith("https://api.portone.io")


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception:  # whatever it is, the answer is the state, and the log has the cause
        logger.exception("health check failed")
        return "failed"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    cache.set("health", "1", timeout=10)
