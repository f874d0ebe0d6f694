"""The loop that moves facts: fan out, sweep, fire the schedule, dispatch, wait. Run two; there is no leader.

PostgreSQL carries it. While Redis is away everything but dispatching goes on.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence

import redis
import sentry_sdk
from django.db import InterfaceError, InternalError, OperationalError, connection, reset_queries
from django.utils import timezone
from dramatiq.errors import BrokerConnectionError

from workers import counters, deliveries, dispatch, fanout, healing, kick, replay, schedule
from workers.dispatch import Enqueue
from workers.routing import HANDLERS, ROUTES, Routes

logger = logging.getLogger(__name__)
PAUSE = 0.5  # seconds between two looks when nothing wakes us
BRIEFLY = 0.05  # seconds, while another relay fans out: our look took the wake-up of what it may not see
HEARTBEAT = 2  # seconds
HEAL = 60.0  # seconds between two looks for times that cannot be
_DATABASE_TROUBLE = (OperationalError, InterfaceError, InternalError)  # the last: a primary became a replica
_REDIS_TROUBLE = (redis.RedisError, BrokerConnectionError)


class Relay:
    """One relay process."""

    def __init__(self, *, client: "redis.Redis", enqueue: Enqueue, routes: Routes = ROUTES) -> None:
        self._client, self._enqueue, self._routes = client, enqueue, routes
        self._stop = threading.Event()
        self._prepared: object = None
        self._redis_works = True
        self._woken = False
        self._epoch = ""
        self._pause = PAUSE
        self._beats_at = 0.0
        self._heals_at = 0.0

    def stop(self) -> None:
        """Finish the turn that is under way and leave."""
        self._stop.set()

    def run(self) -> None:
        """Go round until `stop` is called, whatever fails on the way."""
        while not self._stop.is_set():
            try:
                if not self.turn():
                    self._wait()
            except _DATABASE_TROUBLE as trouble:
                logger.warning("PostgreSQL: %s", trouble)
                connection.close()
                self._stop.wait(PAUSE)

    def turn(self) -> int:
        """Do everything once; return how much there was to do."""
        self._prepare()
        self._guarded(lambda: self._client.delete(kick.KICK, kick.WAKE))  # before we look: no wake-up is lost
        worked = self._fan_out()
        if self._redis_works:  # who was silent a moment ago need not be waited for twice
            worked += self._guarded(self._dispatch)  # at once: somebody may wait for what was just committed
        self._heal()
        worked += _report(deliveries.sweep())
        worked += schedule.fire_due(now=timezone.now())
        worked += replay.advance_waiting(handlers=HANDLERS, now=timezone.now())
        self._beat()
        return worked

    def _fan_out(self) -> int:
        waiting = self._woken or fanout.waiting(routes=self._routes)
        fanned = fanout.fan_out(routes=self._routes) if waiting else 0
        self._woken = False
        self._pause = BRIEFLY if waiting and not fanned else PAUSE
        return fanned

    def _prepare(self) -> None:
        """Set up a fresh connection: what a crash forgets here is done again, so no commit waits for the disk."""
        reset_queries()
        connection.ensure_connection()
        if connection.connection is self._prepared:
            return
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("INSERT INTO workers_relaystate (id) VALUES (1) ON CONFLICT DO NOTHING")
        schedule.synchronise(now=timezone.now())
        self._epoch = ""  # it may be another server now, or an older state of it
        self._prepared = connection.connection

    def _heal(self) -> None:
        if time.monotonic() < self._heals_at:
            return
        self._heals_at = time.monotonic() + HEAL
        if any(healed := healing.heal()):
            logger.warning("a clock jumped: %s due times and %s leases were impossible", *healed)

    def _dispatch(self) -> int:
        found, self._epoch = dispatch.check_epoch(
            client=self._client, fresh=uuid.uuid4().hex, known=self._epoch
        )
        if found:
            logger.warning("Redis forgot its messages: %s deliveries are sent again", found)
        return dispatch.dispatch(client=self._client, enqueue=self._enqueue)

    def _guarded(self, step: Callable[[], object]) -> int:
        try:
            done = step()
        except _REDIS_TROUBLE as trouble:
            if self._redis_works:
                logger.warning("Redis is away, deliveries wait: %s", trouble)
            self._redis_works = False
            return 0
        self._redis_works = True
        return done if isinstance(done, int) else 0

    def _beat(self) -> None:
        if time.monotonic() < self._beats_at:
            return
        with connection.cursor() as cursor:
            cursor.execute("UPDATE workers_relaystate SET heartbeat_at = now() WHERE id = 1")
        self._beats_at = time.monotonic() + HEARTBEAT

    def _wait(self) -> None:
        if self._redis_works:
            try:
                self._woken = self._client.blpop([kick.WAKE], timeout=self._pause) is not None
                return
            except _REDIS_TROUBLE:
                self._redis_works = False
        self._stop.wait(PAUSE)


def _report(lost: Sequence[tuple[int, str, int]]) -> int:
    for pk, handler, state in lost:
        logger.warning("%s: the worker of delivery %s vanished", handler, pk)
        counters.add(name=counters.LOST, label=handler)
        if state == 4:
            sentry_sdk.capture_message(f"{handler}: delivery {pk} is dead, its workers vanish", level="error")
    return len(lost)
