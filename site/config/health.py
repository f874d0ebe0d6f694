"""Say whether the shop works, before any other middleware could get in the way."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from config import replica, schema
from workers import health
from workers.backup import records

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)
SECONDS = 1.0  # that a server may take to answer; a balancer gives up after three
_asking = ThreadPoolExecutor(
    max_workers=6, thread_name_prefix="health"
)  # a server that hangs holds these, not pages


class HealthMiddleware:
    """Answer `/health/live/`, `/health/ready/` and `/health/`; everything else goes on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/health/live/":
            return JsonResponse({"status": "ok"})
        if request.path == "/health/ready/" and Path(settings.DRAIN_FILE).exists():
            return _answer(
                {"status": "draining"}, status=503
            )  # what was begun ends; the balancer sends nobody new
        if request.path in ("/health/", "/health/ready/"):
            return _report()
        return self.get_response(request)


def _report() -> JsonResponse:
    """503 only when the shop cannot work: a 503 takes every web process away from shoppers.

    Pages and orders get along without cache and broker, which are slower then, and with late workers.
    """
    asked = {"database": _database, "cache": _cache, "broker": health.ping_broker}
    started = {name: _asking.submit(check) for name, check in asked.items()}
    states = {name: _state(future.result) for name, future in started.items()}
    states["migrations"] = _migrations() if states["database"] == "ok" else "unknown"
    workers = _workers() if states["database"] == "ok" else {"workers": "unknown"}
    backup = _backup() if states["database"] == "ok" else "unknown"
    replicated = replica.word() if states["database"] == "ok" else "unknown"
    working = states["database"] == states["migrations"] == "ok"
    well = working and states["cache"] == states["broker"] == workers["workers"] == "ok"
    well = well and backup in ("ok", "off") and replicated in ("ok", "off")
    status = "ok" if well else "degraded" if working else "unhealthy"
    optional = {"backup": backup, "replica": replicated}
    body = {"status": status, **states, **workers, **optional, "sandbox": sandbox()}
    return _answer(body, status=200 if working else 503)


def _answer(body: dict[str, object], *, status: int) -> JsonResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})


def _migrations() -> str:
    """Say whether this code finds the tables it needs; an older release on newer tables does."""
    try:
        return "pending" if schema.behind() else "ok"
    except DatabaseError:
        logger.exception("health check failed")
        return "unknown"


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


def _state(result: Callable[[float], None]) -> str:
    try:
        result(SECONDS)
    except Exception:  # whatever it is, the answer is the state, and the log has the cause
        logger.exception("health check failed")
        return "failed"
    return "ok"


def _database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # of this thread


def _cache() -> None:
    cache.set("health", "1", timeout=10)
