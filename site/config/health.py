"""Say whether the shop works, before any other middleware could get in the way."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from config import replica
from workers import health
from workers.backup import records

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
    """503 only when the shop cannot work; workers that are late are reported, since restarting pages helps nobody."""
    states = {"database": _state(_database), "cache": _state(_cache), "broker": _state(health.ping_broker)}
    healthy = all(state == "ok" for state in states.values())
    workers = _workers() if states["database"] == "ok" else {"workers": "unknown"}
    backup = _backup() if states["database"] == "ok" else "unknown"
    replicated = replica.word() if states["database"] == "ok" else "unknown"
    well = workers["workers"] == "ok" and backup in ("ok", "off") and replicated in ("ok", "off")
    status = "unhealthy" if not healthy else "ok" if well else "degraded"
    body = {
        "status": status,
        **states,
        **workers,
        "backup": backup,
        "replica": replicated,
        "sandbox": sandbox(),
    }
    return JsonResponse(body, status=200 if healthy else 503)


def _workers() -> dict[str, object]:
    try:
        lag = health.lag()
    except DatabaseError:  # before the first migration
        logger.exception("health check failed")
        return {"workers": "unknown"}
    return {"workers": "late" if health.late(lag) else "ok", "lag": lag}


def _backup() -> str:
    """Tell whether the newest backup is young enough: `ok`, `late`, or `off` where none are made."""
    try:
        return records.health()
    except DatabaseError:  # before the migration
        logger.exception("health check failed")
        return "unknown"


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
