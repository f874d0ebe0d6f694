"""Give every request an id that follows its facts through outbox, deliveries and logs."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from commerce.events import outbox

Handler = Callable[[HttpRequest], HttpResponse]
_TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$")


class CorrelationMiddleware:
    """Set the correlation id of the request and answer with it in `X-Request-ID`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        correlation = _correlation(request.headers.get("traceparent", ""))
        with outbox.chain(correlation_id=correlation, actor="shopper"):
            response = self.get_response(request)
        response["X-Request-ID"] = str(correlation)
        return response


def _correlation(traceparent: str) -> uuid.UUID:
    found = _TRACEPARENT.match(traceparent)
    return uuid.UUID(hex=found.group(1)) if found else uuid.uuid4()
