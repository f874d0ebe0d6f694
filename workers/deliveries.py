"""The state machine of a delivery, one statement per step. Every step after a claim is fenced by its token."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from workers import keys
from workers.jobs import Fact
from workers.sql import DELIVERY, NOTHING_EARLIER_OPEN, OUTBOX

RELEASE_SECONDS = 30  # until a newer worker may look at what this one does not know
SUSPECT_AFTER = 2  # lost leases until a delivery is tried apart from the others
DEAD_AFTER = 5  # lost leases


class Fenced(RuntimeError):
    """The lease was lost while the handler ran: somebody else holds the delivery, our effects roll back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that is ours until its lease ends."""

    pk: int
    handler: str
    attempts: int
    token: uuid.UUID
    fact: Fact
    ordered: bool = False


def claim(*, ids: Sequence[int], lease: int) -> list[Claim]:
    """Take what is still open of `ids` for `lease` seconds, oldest event first; others hold the rest.

    The try is counted before it begins: a process that dies cannot count.
    """
    token = uuid.uuid4()
    try:
        rows = _take(ids, token, lease)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()  # it died while nobody used it: cheaper to notice here than to ask before every claim
        rows = _take(ids, token, lease)
    return [_claim(row, token) for row in sorted(rows, key=lambda row: row[3])]


def done(*, claim: Claim) -> None:
    """Mark a claimed delivery done, in the transaction of its effects.

    Raises:
        Fenced: the claim is not ours any more.
    """
    changed = _execute(
        f"""UPDATE {DELIVERY} SET state = 3, done_at = now(), lease_until = NULL, claim_token = NULL,
                   last_error = ''
            WHERE id = %s AND claim_token = %s AND state = 1""",
        [claim.pk, claim.token],
    )
    if changed != 1:
        raise Fenced(f"delivery {claim.pk} was taken over")
    _call_back(claim)


def mark_handled(*, claim: Claim) -> bool:
    """Mark, in the transaction of the effect, that a handler did its work for an event, for as long as rows live.

    Returns False when an earlier delivery, forgotten since, did it already.
    """
    return bool(
        _execute(
            """INSERT INTO workers_handledevent (event_id, handler) VALUES (%s, %s)
               ON CONFLICT (event_id, handler) DO NOTHING""",
            [claim.fact.event_id, claim.handler],
        )
    )


def renew(*, claims: Sequence[Claim], lease: int) -> int:
    """Keep claims for another `lease` seconds from now; return how many are still ours."""
    return _execute(
        f"""UPDATE {DELIVERY} SET lease_until = now() + make_interval(secs => %s)
            WHERE id = ANY(%s) AND claim_token = ANY(%s) AND state = 1""",
        [lease, [claim.pk for claim in claims], [claim.token for claim in claims]],
    )


def release(*, claim: Claim, seconds: float = RELEASE_SECONDS) -> bool:
    """Give a claim back untried, due in `seconds`; the try does not count."""
    return bool(
        _execute(
            f"""UPDATE {DELIVERY} SET state = 0, attempts = attempts - 1, lease_until = NULL,
                       claim_token = NULL, available_at = now() + make_interval(secs => %s)
                WHERE id = %s AND claim_token = %s AND state = 1""",
            [seconds, claim.pk, claim.token],
        )
    )


@transaction.atomic
def cancel(*, claim: Claim, reason: str) -> bool:
    """Close a claim because nobody wants its effect any more; a person may have it sent after all."""
    changed = _execute(
        f"""UPDATE {DELIVERY} SET state = 5, done_at = now(), lease_until = NULL, claim_token = NULL,
                   last_error = %s
            WHERE id = %s AND claim_token = %s AND state = 1""",
        [reason[-2000:], claim.pk, claim.token],
    )
    if changed:
        _call_back(claim)
    return bool(changed)


@transaction.atomic
def fail(
    *,
    claim: Claim,
    error: str,
    wait: float | None,
    started_at: datetime,
    ms: int,
    http_status: int | None = None,
) -> bool:
    """Write down a failed try: due again after `wait` seconds, or dead when `wait` is None.

    Returns False when the claim is not ours any more; then nothing is written.
    """
    error = error.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL stores no NUL
    changed = _execute(
        f"""UPDATE {DELIVERY} SET state = %s, lease_until = NULL, claim_token = NULL, last_error = %s,
                   available_at = now() + make_interval(secs => %s)
            WHERE id = %s AND claim_token = %s AND state = 1""",
        [4 if wait is None else 2, error[-2000:], wait or 0, claim.pk, claim.token],
    )
    if changed:
        _execute(
            """INSERT INTO workers_deliveryattempt (delivery_id, n, started_at, ms, error, http_status)
               VALUES (%s, %s, %s, %s, %s, %s)""",
            [claim.pk, claim.attempts, started_at, ms, error, http_status],
        )
    return bool(changed)


def sweep() -> list[tuple[int, str, int]]:
    """Take back what vanished workers held; return id, handler and new state of each.

    Lost leases are counted apart from tries: a handler that kills its process takes innocents along.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH lost AS (
                  SELECT id, lease_until, attempts FROM {DELIVERY}
                  WHERE state = 1 AND lease_until < now() ORDER BY lease_until LIMIT 500
                  FOR UPDATE SKIP LOCKED),
                told AS (
                  INSERT INTO workers_deliveryattempt (delivery_id, n, started_at, ms, error)
                  SELECT id, attempts, lease_until, 0, %(error)s FROM lost)
                UPDATE {DELIVERY} d
                SET state = CASE WHEN d.lost_leases + 1 >= %(dead)s THEN 4 ELSE 2 END,
                    queue = CASE WHEN d.lost_leases + 1 >= %(suspect)s THEN 'quarantine' ELSE d.queue END,
                    lost_leases = d.lost_leases + 1, attempts = d.attempts - 1, claim_token = NULL,
                    lease_until = NULL, available_at = now(), last_error = %(error)s
                FROM lost WHERE d.id = lost.id
                RETURNING d.id, d.handler, d.state""",
            {"error": "lease expired: worker lost", "dead": DEAD_AFTER, "suspect": SUSPECT_AFTER},
        )
        return [(pk, handler, state) for pk, handler, state in cursor.fetchall()]


def _take(ids: Sequence[int], token: uuid.UUID, lease: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH quick AS MATERIALIZED (
                  SELECT set_config('synchronous_commit', 'off', true))  -- a forgotten claim is only made again
                UPDATE {DELIVERY} d
                SET state = 1, attempts = attempts + 1, dispatches = 0, claim_token = %(token)s,
                    claimed_at = now(), lease_until = now() + make_interval(secs => %(lease)s)
                FROM {OUTBOX} e, quick
                WHERE d.id = ANY(%(ids)s) AND d.state IN (0, 2) AND e.id = d.event_id
                  AND {NOTHING_EARLIER_OPEN}
                RETURNING d.id, d.handler, d.attempts, e.id, e.event_id, e.type, e.version, e.payload::text,
                          e.occurred_at, e.correlation_id, e.trace::text, d.partition_key <> ''""",
            {"token": token, "lease": lease, "ids": list(ids)},
        )
        return list(cursor.fetchall())


def _claim(row: Sequence[Any], token: uuid.UUID) -> Claim:
    return Claim(
        pk=row[0],
        handler=row[1],
        attempts=row[2],
        token=token,
        ordered=row[11],
        fact=Fact(
            pk=row[3],
            event_id=row[4],
            type=row[5],
            version=row[6],
            payload=json.loads(row[7]),
            occurred_at=row[8],
            correlation_id=row[9],
            trace=json.loads(row[10]),
        ),
    )


def _call_back(claim: Claim) -> None:
    if claim.ordered:
        keys.call_back(ids=[claim.pk])


def _execute(sql: str, parameters: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
