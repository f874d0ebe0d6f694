"""Dramatiq's broker on Redis or Valkey. It carries ids and holds no truth: it may be flushed at any moment."""

from typing import Any

import dramatiq
from django.conf import settings
from django.db import close_old_connections, reset_queries
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import (
    AgeLimit,
    Callbacks,
    CurrentMessage,
    Middleware,
    Pipelines,
    Retries,
    ShutdownNotifications,
    TimeLimit,
)

from workers.server import with_timeouts


class Connections(Middleware):
    """Replace database connections that broke, before and after each message; healthy ones stay open."""

    def before_process_message(self, broker: dramatiq.Broker, message: Any) -> None:
        reset_queries()
        close_old_connections()

    def after_process_message(
        self, broker: dramatiq.Broker, message: Any, *, result: Any = None, exception: Any = None
    ) -> None:
        close_old_connections()

    after_skip_message = before_process_message


def build(*, url: str) -> RedisBroker:
    """Return a broker whose dead workers are noticed within seconds rather than minutes."""
    return RedisBroker(  # type: ignore[no-untyped-call]  # Dramatiq leaves it untyped
        url=with_timeouts(url=url, connect=1, answer=5),
        maintenance_chance=100_000,
        heartbeat_timeout=15_000,  # milliseconds
        middleware=[
            Connections(),
            AgeLimit(),
            TimeLimit(),
            ShutdownNotifications(),
            Callbacks(),
            Pipelines(),
            Retries(),
            CurrentMessage(),
        ],
    )


broker = build(url=settings.BROKER_URL)
dramatiq.set_broker(broker)
