"""The log of an endpoint's deliveries, and what a person does there: send again, or skip."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from workers import keys, retention
from workers.models import Delivery, State, WebhookEndpoint
from workers.sql import DELIVERY, OUTBOX
from workers.webhooks import catalogue

SKIPPED = "skipped by hand"
AGAIN = (State.RETRY, State.DONE, State.DEAD, State.CANCELLED)  # what can be sent (again) now
UNSENT = (State.RETRY, State.DEAD, State.CANCELLED)
OPEN = (State.PENDING, State.RETRY, State.DEAD)  # what can be skipped
REACH: timedelta = retention.DELIVERIES  # done deliveries are forgotten then: further back nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Resent:
    """How many deliveries start again, and how many are for facts that the endpoint never got."""

    again: int
    missed: int


def of(*, endpoint: WebhookEndpoint) -> QuerySet[Delivery]:
    """Return an endpoint's deliveries with fact and last try, newest first."""
    rows = Delivery.objects.filter(handler=endpoint.handler, handler__startswith="webhook:")
    return rows.select_related("event", "sent").order_by("-pk")


@transaction.atomic
def resend(*, endpoint: WebhookEndpoint, delivery_id: int) -> bool:
    """Send one delivery now, with all its tries again; return False when it is under way anyway.

    It keeps its `webhook-id`: a receiver that has it already knows.
    """
    return bool(_reset(endpoint, "id = %(delivery)s", AGAIN, {"delivery": delivery_id}))


@transaction.atomic
def resend_unsent(*, endpoint: WebhookEndpoint, since: datetime, missed: bool, now: datetime) -> Resent:
    """Send everything since a moment that was not accepted; what a person skipped stays skipped.

    `missed`: also facts that never became deliveries because the endpoint was off or had not chosen them.

    Raises:
        ValueError: the moment is further back than finished deliveries are remembered.
    """
    if since < now - REACH:
        raise ValueError(f"only the last {REACH.days} days are remembered")
    again = _reset(
        endpoint, "created_at >= %(since)s AND last_error <> %(skipped)s", UNSENT, {"since": since}
    )
    return Resent(again=again, missed=_add_missed(endpoint, since) if missed else 0)


@transaction.atomic
def skip(*, endpoint: WebhookEndpoint, delivery_id: int) -> bool:
    """Give a delivery up, so that later ones of its order may go; return False when it is not open any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {DELIVERY} SET state = 5, done_at = now(), last_error = %s
                WHERE id = %s AND handler = %s AND state = ANY(%s)""",
            [SKIPPED, delivery_id, endpoint.handler, [int(state) for state in OPEN]],
        )
        skipped = bool(cursor.rowcount)
    if skipped:
        keys.call_back(ids=[delivery_id])
    return skipped


def _reset(
    endpoint: WebhookEndpoint, condition: str, states: tuple[State, ...], parameters: dict[str, Any]
) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {DELIVERY}
                SET state = 0, attempts = 0, lost_leases = 0, dispatches = 0, available_at = now(),
                    done_at = NULL, last_error = '', queue = 'webhooks'
                WHERE handler = %(handler)s AND handler::text LIKE 'webhook:%%' AND state = ANY(%(states)s)
                  AND {condition}""",
            {
                "handler": endpoint.handler,
                "states": [int(state) for state in states],
                "skipped": SKIPPED,
                **parameters,
            },
        )
        return int(cursor.rowcount)


def _add_missed(endpoint: WebhookEndpoint, since: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {DELIVERY} (event_id, handler, queue, partition_key)
                SELECT e.id, %s, 'webhooks', CASE WHEN %s THEN e.aggregate_id ELSE '' END
                FROM {OUTBOX} e
                WHERE e.type = ANY(%s) AND e.fanned_out_at IS NOT NULL AND e.occurred_at >= %s
                ON CONFLICT (event_id, handler) DO NOTHING""",
            [
                endpoint.handler,
                endpoint.ordered,
                sorted(set(endpoint.types) & set(catalogue.PUBLIC)),
                since,
            ],
        )
        return int(cursor.rowcount)
