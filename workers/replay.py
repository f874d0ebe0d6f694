"""Run deliveries again, or for the first time: after a repaired handler, and for a handler that is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from workers import retention
from workers.jobs import Handler
from workers.sql import DELIVERY, OUTBOX


class TooLongAgo(Exception):
    """Finished deliveries of that time are forgotten: what was done could not be told from what never ran."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Facts that occurred from `since` and before `until`; None: no limit."""

    since: datetime | None = None
    until: datetime | None = None


@transaction.atomic
def revive_dead(*, handler: Handler | None, types: Sequence[str], period: Period, dry_run: bool) -> int:
    """Try dead deliveries again, of one handler or of all; return how many. Types: none means every type."""
    count = _reset("d.state = 4", handler, types, period)
    transaction.set_rollback(dry_run)
    return count


@transaction.atomic
def replay(
    *, handler: Handler, types: Sequence[str], period: Period, now: datetime, dry_run: bool
) -> tuple[int, int]:
    """Run a handler again for facts of a period and for the first time where it never ran.

    Returns how many deliveries start again and how many are new. Outside effects keep their idempotency key.

    Raises:
        TooLongAgo: the period reaches beyond what finished deliveries are kept for.
    """
    if period.since is None or period.since < now - retention.DELIVERIES:
        raise TooLongAgo(f"--since must lie within {retention.DELIVERIES.days} days")
    again = _reset("d.state IN (3, 4, 5)", handler, types, period)
    fresh = _make_missing(handler, types, period)
    transaction.set_rollback(dry_run)
    return again, fresh


def _reset(condition: str, handler: Handler | None, types: Sequence[str], period: Period) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {DELIVERY} d
                SET state = 0, attempts = 0, lost_leases = 0, dispatches = 0, available_at = now(),
                    done_at = NULL, last_error = '', queue = coalesce(%(queue)s, d.queue)
                FROM {OUTBOX} e
                WHERE e.id = d.event_id AND {condition} AND {_PERIOD}
                  AND (%(handler)s::text IS NULL OR d.handler = %(handler)s)
                  AND (cardinality(%(types)s::text[]) = 0 OR e.type = ANY(%(types)s))""",
            _parameters(handler, types, period),
        )
        return int(cursor.rowcount)


def _make_missing(handler: Handler, types: Sequence[str], period: Period) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {DELIVERY} (event_id, handler, queue, partition_key)
                SELECT e.id, %(handler)s, %(queue)s, CASE WHEN %(ordered)s THEN e.aggregate_id ELSE '' END
                FROM {OUTBOX} e
                WHERE e.type = ANY(%(types)s) AND e.fanned_out_at IS NOT NULL AND {_PERIOD}
                ON CONFLICT (event_id, handler) DO NOTHING""",
            _parameters(handler, types, period) | {"ordered": handler.ordered},
        )
        return int(cursor.rowcount)


_PERIOD = """(%(since)s::timestamptz IS NULL OR e.occurred_at >= %(since)s)
             AND (%(until)s::timestamptz IS NULL OR e.occurred_at < %(until)s)"""


def _parameters(handler: Handler | None, types: Sequence[str], period: Period) -> dict[str, Any]:
    return {
        "handler": handler.name if handler else None,
        "queue": handler.queue if handler else None,
        "types": list(types),
        "since": period.since,
        "until": period.until,
    }
