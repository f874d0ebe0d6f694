"""Numbers for Prometheus at `/metrics`, before any other middleware could get in the way."""

import hmac
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from workers import metrics

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)
PATH = "/metrics"
_LOOPBACK = ("127.0.0.1", "::1")


class MetricsMiddleware:
    """Answer `/metrics` to whoever knows the token; where there is none the page does not exist.

    In development a visitor from this machine needs no token.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != PATH:
            return self.get_response(request)
        if not _exists(request):
            return HttpResponseNotFound(content_type="text/plain")
        response = _report() if _welcome(request) else _refusal()
        response["Cache-Control"] = "no-store"
        return response


def _exists(request: HttpRequest) -> bool:
    return bool(settings.METRICS_TOKEN) or _at_home(request)


def _at_home(request: HttpRequest) -> bool:
    return settings.DEBUG and request.META.get("REMOTE_ADDR") in _LOOPBACK


def _welcome(request: HttpRequest) -> bool:
    if not settings.METRICS_TOKEN:
        return _at_home(request)
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    return same and kind.lower() == "bearer"


def _refusal() -> HttpResponse:
    response = HttpResponse("a bearer token is needed\n", status=401, content_type="text/plain")
    response["WWW-Authenticate"] = 'Bearer realm="metrics"'
    return response


def _report() -> HttpResponse:
    try:
        return HttpResponse(metrics.report(), content_type=metrics.CONTENT_TYPE)
    except DatabaseError:
        logger.exception("metrics failed")
        return HttpResponse("PostgreSQL does not answer in time\n", status=503, content_type="text/plain")
