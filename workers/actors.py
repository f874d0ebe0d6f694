"""What Dramatiq executes: one actor per queue that takes delivery ids. The names are stable for ever.

An actor claims, runs and marks done; whatever fails is written into PostgreSQL, which also decides about
retries. Dramatiq's own retries and delays are not used: they lose messages when Redis is away.
"""

import logging
import random
import time
import traceback
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import dramatiq
import sentry_sdk
from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from dramatiq.middleware import TimeLimitExceeded

from workers import backoff, counters, deliveries, kick, leaving, reading, tracing
from workers.broker import broker
from workers.deliveries import Claim, Fenced
from workers.jobs import (
    QUEUES,
    Context,
    Elsewhere,
    Handler,
    Later,
    NotNow,
    Permanent,
    Queue,
    Withdrawn,
    idempotency_key,
)
from workers.leases import Keeper
from workers.routing import HANDLERS
from workers.webhooks import delivering as webhooks

logger = logging.getLogger(__name__)
_patience = random.SystemRandom().random
_keeper = Keeper()


def run(*, ids: Sequence[int], queue: Queue, handlers: Mapping[str, Handler] = HANDLERS) -> int:
    """Claim what is open of `ids` and run it, each in its own transaction; return how many ended well.

    Ids that somebody else holds or finished are passed over: messages may come twice.
    """
    ends = time.monotonic() + queue.lease
    claims = deliveries.claim(ids=ids, lease=queue.lease)
    if len(claims) < len(ids):
        counters.add(name=counters.DUPLICATES, label=queue.name, number=len(ids) - len(claims))
    return sum(_take(claim, queue, handlers, ends, first=claim is claims[0]) for claim in claims)


def _take(claim: Claim, queue: Queue, handlers: Mapping[str, Handler], ends: float, *, first: bool) -> bool:
    handler = handlers.get(claim.handler) or webhooks.handler(name=claim.handler)
    if handler is None or not reading.known(fact=claim.fact):
        logger.info("delivery %s is for a newer worker: %s", claim.pk, claim.handler)
        deliveries.release(claim=claim)
        return False
    if not first and (leaving.asked() or ends - time.monotonic() < handler.timeout):
        deliveries.release(claim=claim, seconds=0)  # the batch ran long: better untried than half done
        return False
    return _run(claim, queue, handler, now=timezone.now())


def _run(claim: Claim, queue: Queue, handler: Handler, *, now: datetime) -> bool:
    began = time.monotonic()
    with tracing.continued(claim):
        try:
            with _keeper.watching(claim=claim, lease=queue.lease, timeout=handler.timeout):
                _call(claim, handler, now=now)
        except Fenced as fenced:
            logger.warning("%s: %s", handler.name, fenced)
            counters.add(name=counters.FENCED, label=handler.name)
        except NotNow as busy:
            deliveries.release(claim=claim, seconds=busy.seconds)
        except Withdrawn as why:
            deliveries.cancel(claim=claim, reason=str(why))
        except (Exception, TimeLimitExceeded) as error:  # noqa: BLE001 - whatever it is, the others go on
            _fail(claim, handler, error, now=now, ms=round((time.monotonic() - began) * 1000))
        else:
            return True
    return False


def _call(claim: Claim, handler: Handler, *, now: datetime) -> None:
    fact = reading.newest(fact=claim.fact)
    context = Context(
        handler=handler.name,
        attempt=claim.attempts,
        idempotency_key=idempotency_key(event_id=claim.fact.event_id, handler=handler.name),
        now=now,
    )
    if handler.kind == "external":
        handler.function(fact, context)
        deliveries.done(claim=claim)
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{handler.timeout:d}s'")
        if not handler.once or deliveries.mark_handled(claim=claim):
            handler.function(fact, context)
        deliveries.done(claim=claim)


def _fail(claim: Claim, handler: Handler, error: BaseException, *, now: datetime, ms: int) -> None:
    close_old_connections()  # the failure may have been the connection's
    dead = isinstance(error, Permanent) or claim.attempts >= handler.tries
    wait = None if dead else _wait(claim, handler, error)
    text = "".join(traceback.format_exception(error))
    logger.warning(
        "%s failed on try %s%s: %r", handler.name, claim.attempts, " for good" if dead else "", error
    )
    if (dead or claim.attempts == 1) and not isinstance(error, Elsewhere):
        sentry_sdk.capture_exception(error)
    written = deliveries.fail(
        claim=claim,
        error=text,
        wait=wait,
        started_at=now,
        ms=ms,
        http_status=getattr(error, "http_status", None),
    )
    if not written:
        logger.warning("%s: delivery %s was taken over", handler.name, claim.pk)


def _wait(claim: Claim, handler: Handler, error: BaseException) -> float:
    usual = backoff.wait(attempt=claim.attempts, random=_patience, delays=handler.delays)
    return max(usual, min(error.seconds, backoff.LONGEST_ASKED)) if isinstance(error, Later) else usual


class _Leaving(dramatiq.Middleware):
    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        leaving.ask()  # what it has begun it ends, and no more; what lasts long begins anew elsewhere


def declare(
    *,
    broker: dramatiq.Broker,
    handlers: Mapping[str, Handler] = HANDLERS,
    queues: Iterable[Queue] = tuple(QUEUES.values()),
) -> "dict[str, dramatiq.Actor[..., None]]":
    """Make a broker's actors, one for each queue, and return them by the queue's name."""
    broker.add_middleware(_Leaving())
    return {queue.name: _actor(broker, queue, handlers) for queue in queues}


def _actor(
    broker: dramatiq.Broker, queue: Queue, handlers: Mapping[str, Handler]
) -> "dramatiq.Actor[..., None]":
    def run_delivery(*ids: int, **_newer_fields: object) -> None:
        run(ids=ids, queue=queue, handlers=handlers)
        if queue.each:
            kick.kick()  # there is room for one more of this handler: the relay need not find out by itself

    decorate = dramatiq.actor(
        broker=broker,
        actor_name=f"run_delivery_{queue.name}",
        queue_name=queue.name,
        max_retries=0,
        time_limit=queue.limit * 1000,
    )
    return decorate(run_delivery)


ACTORS = declare(broker=broker)


def send(queue: str, ids: Sequence[int]) -> None:
    """Hand deliveries to the workers of a queue."""
    broker.enqueue(ACTORS[queue].message(*ids))
