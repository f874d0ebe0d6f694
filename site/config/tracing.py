"""Give every request an id that follows its facts through outbox, deliveries, mails and logs."""

import re
import secrets
import uuid
from collections.abc import Callable
from functools import partial

import sentry_sdk
from django.http import HttpRequest, HttpResponse

from commerce.events import chain

Handler = Callable[[HttpRequest], HttpResponse]
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_SAMPLED = "01"


class CorrelationMiddleware:
    """Set the correlation id of the request and answer with it in `X-Request-ID`.

    A caller that traces (https://www.w3.org/TR/trace-context/) gives the id: its trace's.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        correlation, flags = _begun_by(request.headers.get("traceparent", ""))
        request.correlation_id = correlation  # type: ignore[attr-defined]  # for log lines written after us
        trace = {"traceparent": f"00-{correlation.hex}-{secrets.token_hex(8)}-{flags}"} | _of_sentry(
            correlation
        )
        with chain.chain(correlation_id=correlation, actor=partial(_who, request), trace=trace):
            response = self.get_response(request)
        response["X-Request-ID"] = str(correlation)
        return response


def _begun_by(traceparent: str) -> tuple[uuid.UUID, str]:
    found = _TRACEPARENT.fullmatch(traceparent)
    return (uuid.UUID(hex=found.group(1)), found.group(2)) if found else (uuid.uuid4(), _SAMPLED)


def _who(request: HttpRequest) -> str:
    """Return who acts. Asked by the first fact only: pages that change nothing read no session for it."""
    user = getattr(request, "user", None)
    return f"user:{user.pk}" if user is not None and user.is_authenticated else "shopper"


def _of_sentry(correlation: uuid.UUID) -> dict[str, str]:
    if not sentry_sdk.is_initialized():
        return {}
    sentry_sdk.set_tag("correlation_id", str(correlation))
    told = {"sentry-trace": sentry_sdk.get_traceparent(), "baggage": sentry_sdk.get_baggage()}
    return {name: value for name, value in told.items() if value}
