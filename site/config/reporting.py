"""Report faults of web and workers to Sentry: with release and ids, without people.

Started by the settings, so that it runs before Dramatiq's broker is built: the integration wraps the broker.
"""

import time
from collections.abc import Callable
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.dramatiq import DramatiqIntegration
from sentry_sdk.integrations.redis import RedisIntegration

from config import redaction

UNTRACED = ("/health/", "/metrics", "/static/", "/media/", "/favicon.ico", "/robots.txt")
CHECKOUT = ("/checkout/", "/en/checkout/", "/api/v1/", "/webhooks/")
USUAL = 0.05
CHECKOUTS_A_MINUTE = 60  # of each process: a sale does not eat the quota
_HEADERS = ("Host", "User-Agent", "Accept-Language", "X-Request-Id", "Traceparent")


def start(*, dsn: str, environment: str, release: str) -> None:
    """Begin to report; without a DSN nothing is reported. `release` is the commit that the image was built from."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release or None,
        integrations=[DjangoIntegration(), DramatiqIntegration(), RedisIntegration()],
        send_default_pii=False,
        max_request_body_size="never",  # an order sheet is a name, a phone number and an address
        include_local_variables=False,
        traces_sampler=Sampler(),
        before_send=clean,
        before_send_transaction=clean,
        ignore_errors=["django.core.exceptions.DisallowedHost", "DisallowedHost"],
    )


def clean(event: Any, _hint: Any) -> Any:
    """Return the event without what could name a person: body, cookies, query, most headers, texts with a shape."""
    request = event.get("request")
    if request:
        headers = request.get("headers") or {}
        event["request"] = {
            "method": request.get("method"),
            "url": request.get("url", ""),
            "headers": {name: value for name, value in headers.items() if name.title() in _HEADERS},
        }
    event.pop("user", None)
    for part in (
        "request",
        "message",
        "logentry",
        "exception",
        "breadcrumbs",
        "extra",
        "spans",
        "transaction",
    ):
        if part in event:
            event[part] = redaction.scrubbed(event[part])
    return event


class Sampler:
    """Trace nothing of health checks and files, each checkout up to a cap, and one in twenty of the rest."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._minute, self._taken = -1, 0

    def __call__(self, context: dict[str, Any]) -> float:
        """Return the probability with which a trace is kept."""
        op = context.get("transaction_context", {}).get("op", "")
        path = (context.get("wsgi_environ") or {}).get("PATH_INFO", "")
        if (
            path.startswith(UNTRACED) or op == "queue.task.dramatiq"
        ):  # its deliveries have traces of their own
            return 0.0
        if context.get("parent_sampled") is not None:
            return float(context["parent_sampled"])  # all of a chain or nothing
        if path.startswith(CHECKOUT):
            return 1.0 if self._below_the_cap() else USUAL
        return USUAL

    def _below_the_cap(self) -> bool:
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute, self._taken = minute, 0
        self._taken += 1
        return self._taken <= CHECKOUTS_A_MINUTE
