"""Run deliveries again, or for the first time: after a repaired handler, and for a handler that is new.

A replay is a row. It goes through the events of its period in slices; each commits together with the place
it reached, so a crash repeats nothing and nobody waits behind it. The relay moves it on, and so does the
command that asked for it. Deliveries that run again stand behind fresh ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.types.json import Jsonb

from workers import lookup, replayable, retention
from workers.jobs import QUEUES, Handler
from workers.models import ReplayRun, SteeringAct
from workers.sql import BEGIN_ANEW, DELIVERY, OUTBOX

SLICE = 1000  # events in one transaction
LIMIT = 100_000  # deliveries in one run
CROWDED = 1000  # due deliveries of a queue from which on the relay lets a replay wait
BEHIND = 10  # added to a handler's priority: fresh deliveries go first
COUNTING = 10  # seconds
NOBODY = "worker"  # who ends a run that nobody waits for any more


class UnableToReplay(Exception):
    """A replay was refused and nothing was changed."""


class TooLongAgo(UnableToReplay):
    """Finished deliveries of that time are forgotten: what was done could not be told from what never ran."""


class TooMany(UnableToReplay):
    """More deliveries than one run may reset; `count` is None when even counting took too long."""

    def __init__(self, count: int | None, limit: int) -> None:
        told = "too many to count" if count is None else f"{count:,}"
        super().__init__(f"{told} deliveries, at most {limit:,} in one run: choose a shorter period")
        self.count, self.limit = count, limit


class NothingToDo(UnableToReplay):
    """No delivery of the period is finished or missing."""


class AlreadyRunning(UnableToReplay):
    """A run of this handler is under way: two would reset the same deliveries twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Facts that occurred from `since` and before `until`; None: no limit."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How many deliveries would run again and how many for the first time, and between which events."""

    again: int
    fresh: int
    first: int
    last: int


def measure(*, handler: Handler, types: Sequence[str], period: Period, now: datetime) -> Extent:
    """Count what a replay would do; changes nothing.

    Raises:
        TooLongAgo: the period reaches beyond what finished deliveries are kept for.
        TooMany: counting takes too long.
    """
    if period.since is None or period.since < now - retention.DELIVERIES:
        raise TooLongAgo(f"--since must lie within {retention.DELIVERIES.days} days")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{COUNTING}s'")
            cursor.execute(
                f"""SELECT count(*) FILTER (WHERE d.state IN (3, 4, 5)), count(*) FILTER (WHERE d.id IS NULL),
                           coalesce(min(e.id), 0), coalesce(max(e.id), 0)
                    FROM {OUTBOX} e LEFT JOIN {DELIVERY} d ON d.event_id = e.id AND d.handler = %(handler)s
                    WHERE {_WANTED}""",
                _parameters(handler.name, types, period),
            )
            again, fresh, first, last = cursor.fetchone()
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")  # a transaction around us goes on
    except OperationalError as slow:
        raise TooMany(None, LIMIT) from slow
    return Extent(again=again, fresh=fresh, first=first, last=last)


def ask(
    *,
    handler: Handler,
    types: Sequence[str],
    period: Period,
    by: str,
    now: datetime,
    limit: int = LIMIT,
) -> ReplayRun:
    """Write a replay down, as somebody (`user:7`, `command`); from then on any relay moves it on.

    Raises:
        UnableToReplay: too long ago, too many, nothing to do, or one of this handler is under way.
    """
    extent = measure(handler=handler, types=types, period=period, now=now)
    assert period.since is not None  # measured
    if extent.again + extent.fresh > limit:
        raise TooMany(extent.again + extent.fresh, limit)
    if extent.again + extent.fresh == 0:
        raise NothingToDo("no delivery of that period is finished or missing")
    try:
        with transaction.atomic():
            run = ReplayRun.objects.create(
                handler=handler.name,
                types=list(types),
                since=period.since,
                until=period.until,
                asked_by=by,
                asked_at=now,
                expected_again=extent.again,
                expected_fresh=extent.fresh,
                position=extent.first - 1,
                last=extent.last,
            )
            SteeringAct.objects.create(
                actor=by, act="replay", handler=handler.name, run=run.pk, count=extent.again + extent.fresh
            )
    except IntegrityError as second:
        raise AlreadyRunning(f"a replay of {handler.name} is under way") from second
    return run


@transaction.atomic
def advance(*, run_id: int, handlers: Mapping[str, Handler], now: datetime, size: int | None = None) -> int:
    """Move a run on by one slice; return how many events it passed.

    Passes over a run that somebody else moves right now and one whose handler only a newer relay knows. A run for
    an endpoint that was switched off or deleted meanwhile ends where it is.
    """
    rows = ReplayRun.objects.select_for_update(skip_locked=True)
    run = rows.filter(pk=run_id, state=ReplayRun.RunState.RUNNING).first()
    if run is None:
        return 0
    try:
        handler = replayable.find(name=run.handler, handlers=handlers)
    except replayable.NotReplayable:
        cancel(run_id=run.pk, by=NOBODY, now=now)
        return 0
    if handler is None:
        return 0
    size = size or SLICE
    ids = _slice(run, size)
    if ids:
        again, fresh = _run_again(handler, run, ids, now)
        run.again, run.fresh, run.position = run.again + again, run.fresh + fresh, ids[-1]
    run.moved_at = now
    if len(ids) < size:
        run.state, run.finished_at = ReplayRun.RunState.DONE, now
    run.save(update_fields=["again", "fresh", "position", "moved_at", "state", "finished_at"])
    return len(ids)


def advance_waiting(*, handlers: Mapping[str, Handler], now: datetime) -> int:
    """Move every run on whose queue is not crowded; return how many events were passed. The relay's step."""
    runs = ReplayRun.objects.filter(state=ReplayRun.RunState.RUNNING).values_list("pk", "handler")
    return sum(
        advance(run_id=pk, handlers=handlers, now=now)
        for pk, name in runs
        if not crowded(handler=lookup.handler(name=name, handlers=handlers))
    )


def crowded(*, handler: Handler | None) -> bool:
    """Tell whether so much is due before a handler that a replay should wait.

    In its queue; in its own lane where each handler has one: nobody's replay waits for another's receiver.
    """
    if handler is None:
        return False
    lane = "AND handler = %(handler)s" if QUEUES[handler.queue].each else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(*) >= %(many)s FROM (
                  SELECT FROM {DELIVERY}
                  WHERE queue = %(queue)s AND state IN (0, 2) AND available_at <= now() {lane}
                  LIMIT %(many)s) d""",
            {"queue": handler.queue, "handler": handler.name, "many": CROWDED},
        )
        return bool(cursor.fetchone()[0])


def cancel(*, run_id: int, by: str, now: datetime) -> bool:
    """Stop a run where it is; what it reset stays. Returns False when it had ended already."""
    stopped = ReplayRun.objects.filter(pk=run_id, state=ReplayRun.RunState.RUNNING).update(
        state=ReplayRun.RunState.CANCELLED, cancelled_by=by, finished_at=now
    )
    return bool(stopped)


def replay(
    *, handler: Handler, types: Sequence[str], period: Period, now: datetime, dry_run: bool
) -> tuple[int, int]:
    """Run a handler again for facts of a period and for the first time where it never ran, all at once.

    Returns how many deliveries start again and how many are new. Outside effects keep their idempotency key.

    Raises:
        UnableToReplay: as `ask`; nothing to do is not refused.
    """
    extent = measure(handler=handler, types=types, period=period, now=now)
    if dry_run or extent.again + extent.fresh == 0:
        return extent.again, extent.fresh
    run = ask(handler=handler, types=types, period=period, by="command", now=now)
    while advance(run_id=run.pk, handlers={handler.name: handler}, now=now):
        pass
    run.refresh_from_db()
    return run.again, run.fresh


_PERIOD = """(%(since)s::timestamptz IS NULL OR e.occurred_at >= %(since)s)
             AND (%(until)s::timestamptz IS NULL OR e.occurred_at < %(until)s)"""
_WANTED = f"e.type = ANY(%(types)s) AND e.fanned_out_at IS NOT NULL AND {_PERIOD}"


def _slice(run: ReplayRun, size: int) -> list[int]:
    period = Period(since=run.since, until=run.until)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT e.id FROM {OUTBOX} e
                WHERE e.id > %(position)s AND e.id <= %(last)s AND {_WANTED} ORDER BY e.id LIMIT %(size)s""",
            _parameters(run.handler, run.types, period)
            | {"position": run.position, "last": run.last, "size": size},
        )
        return [row[0] for row in cursor.fetchall()]


def _run_again(handler: Handler, run: ReplayRun, ids: Sequence[int], now: datetime) -> tuple[int, int]:
    values: dict[str, Any] = {
        "ids": list(ids),
        "name": handler.name,
        "queue": handler.queue,
        "queues": Jsonb({handler.name: handler.queue}),
        "priority": handler.priority + BEHIND,
        "ordered": handler.ordered,
        "remembered": now - retention.DELIVERIES,  # what fell out of memory meanwhile may have been done
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {DELIVERY} d SET {BEGIN_ANEW}, priority = %(priority)s
                WHERE d.event_id = ANY(%(ids)s) AND d.handler = %(name)s AND d.state IN (3, 4, 5)""",
            values,
        )
        again = int(cursor.rowcount)
        cursor.execute(
            f"""INSERT INTO {DELIVERY} (event_id, handler, queue, priority, partition_key)
                SELECT e.id, %(name)s, %(queue)s, %(priority)s,
                       CASE WHEN %(ordered)s THEN e.aggregate_id ELSE '' END
                FROM {OUTBOX} e WHERE e.id = ANY(%(ids)s) AND e.occurred_at >= %(remembered)s
                ON CONFLICT (event_id, handler) DO NOTHING""",
            values,
        )
        return again, int(cursor.rowcount)


def _parameters(handler: str, types: Sequence[str], period: Period) -> dict[str, Any]:
    return {"handler": handler, "types": list(types), "since": period.since, "until": period.until}
