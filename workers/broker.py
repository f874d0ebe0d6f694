"""Dramatiq's broker on Redis or Valkey. It carries ids and holds no truth: it may be flushed at any moment."""

from typing import Any

import dramatiq
from django.conf import settings
from django.db import close_old_connections, reset_queries
from dramatiq.brokers.redis import MAINTENANCE_SCALE
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

from workers.consumer import POLL, Broker


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


def build(*, url: str, poll: float = POLL) -> Broker:
    """Return a broker whose idle consumers look every `poll` seconds unless something wakes them.

    Each look searches for dead workers: the messages of one are back in their queue within the two times.
    """
    return Broker(
        url=url,
        poll=poll,
        maintenance_chance=MAINTENANCE_SCALE,
        heartbeat_timeout=15_000,  # milliseconds; three looks
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
