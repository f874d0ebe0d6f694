"""What a person does to deliveries: try now, run again, give up, one or all dead of a handler. Each act is on record.

Every act is one conditional statement: a delivery that moved on meanwhile is left alone and the person told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from workers import keys, lookup
from workers.jobs import Handler
from workers.models import Delivery, State, SteeringAct
from workers.replay import Period
from workers.routing import HANDLERS
from workers.sql import BEGIN_ANEW, DELIVERY, OUTBOX

SLICE = 1000  # deliveries in one transaction
AT_ONCE = 20_000  # deliveries that one click may touch

RETRY, AGAIN, CANCEL = "retry", "again", "cancel"
FROM: dict[str, tuple[State, ...]] = {
    RETRY: (State.DEAD, State.RETRY, State.CANCELLED),
    AGAIN: (State.DONE,),
    CANCEL: (State.DEAD, State.PENDING, State.RETRY),
}
_GIVEN_UP = "state = 5, done_at = now(), lease_until = NULL, claim_token = NULL"
_CHANGES = {
    # one that waits keeps its count of tries; one that had ended begins anew
    RETRY: BEGIN_ANEW,
    AGAIN: BEGIN_ANEW,
    CANCEL: _GIVEN_UP,
}


class MovedOn(Exception):
    """The delivery is not in a state that the act begins with; nothing was changed."""

    def __init__(self, state: int | None) -> None:
        super().__init__("the delivery is gone" if state is None else f"the delivery is {State(state).label}")
        self.state = state


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many dead deliveries an act changed and how many are left."""

    count: int
    left: int


def possible(*, state: int) -> list[str]:
    """Return the acts that a delivery in this state allows."""
    return [act for act, states in FROM.items() if state in states]


@transaction.atomic
def steer(
    *, act: str, delivery_id: int, by: str, handlers: Mapping[str, Handler] = HANDLERS
) -> tuple[Delivery, int]:
    """Do an act to one delivery as somebody (`user:7`); return the row and its old state.

    Raises:
        MovedOn: its state does not allow it (any more).
    """
    row = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if row is None or row.state not in FROM[act]:
        raise MovedOn(row.state if row else None)
    old = row.state
    if act == RETRY and old == State.RETRY:
        _update("available_at = now(), dispatches = 0", [(row.pk, row.handler)], handlers)
    else:
        _update(_CHANGES[act], [(row.pk, row.handler)], handlers)
        keys.call_back(ids=[row.pk])
    SteeringAct.objects.create(actor=by, act=act, handler=row.handler, delivery=row.pk, old_state=old)
    row.refresh_from_db()
    return row, old


def retry_dead(
    *,
    handler: str | None,
    by: str,
    types: Sequence[str] = (),
    period: Period | None = None,
    handlers: Mapping[str, Handler] = HANDLERS,
    limit: int = AT_ONCE,
    told: Callable[[int], None] = lambda _count: None,
) -> Swept:
    """Try dead deliveries again, of one handler or of all, oldest first; `told` hears the count after each slice.

    No types means every type. A delivery that dies again meanwhile is not touched twice.
    """
    return _sweep(RETRY, _Which(handler, types, period or Period()), by, handlers, limit, told)


def cancel_dead(*, handler: str, by: str, limit: int = AT_ONCE) -> Swept:
    """Give up the dead deliveries of a handler: nobody needs them any more."""
    return _sweep(CANCEL, _Which(handler, (), Period()), by, {}, limit, lambda _count: None)


def count_dead(*, handler: str | None, types: Sequence[str] = (), period: Period | None = None) -> int:
    """Return how many are dead."""
    which = _Which(handler, types, period or Period())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_DEAD}", which.parameters() | {"after": 0})
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class _Which:
    handler: str | None
    types: Sequence[str]
    period: Period

    def parameters(self) -> dict[str, Any]:
        return {
            "handler": self.handler,
            "types": list(self.types),
            "since": self.period.since,
            "until": self.period.until,
        }


_DEAD = f"""FROM {DELIVERY} d JOIN {OUTBOX} e ON e.id = d.event_id
            WHERE d.state = 4 AND d.id > %(after)s
              AND (%(handler)s::text IS NULL OR d.handler = %(handler)s)
              AND (cardinality(%(types)s::text[]) = 0 OR e.type = ANY(%(types)s))
              AND (%(since)s::timestamptz IS NULL OR e.occurred_at >= %(since)s)
              AND (%(until)s::timestamptz IS NULL OR e.occurred_at < %(until)s)"""


def _sweep(
    act: str,
    which: _Which,
    by: str,
    handlers: Mapping[str, Handler],
    limit: int,
    told: Callable[[int], None],
) -> Swept:
    after = count = 0
    while count < limit:
        ids = _slice(act, which, by, handlers, after, min(SLICE, limit - count))
        if not ids:
            break
        after, count = ids[-1], count + len(ids)
        told(count)
    left = count_dead(handler=which.handler, types=which.types, period=which.period)
    return Swept(count=count, left=left)


@transaction.atomic
def _slice(
    act: str, which: _Which, by: str, handlers: Mapping[str, Handler], after: int, size: int
) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.id, d.handler {_DEAD} ORDER BY d.id LIMIT %(size)s FOR UPDATE OF d SKIP LOCKED",
            which.parameters() | {"after": after, "size": size},
        )
        found = cursor.fetchall()
    if found:
        _update(_CHANGES[act], found, handlers)
        keys.call_back(ids=[pk for pk, _name in found])
    names = [name for _pk, name in found]
    SteeringAct.objects.bulk_create(
        SteeringAct(actor=by, act=f"{act}_dead", handler=name, count=names.count(name), old_state=State.DEAD)
        for name in sorted(set(names))
    )
    return [pk for pk, _name in found]


def _update(changes: str, rows: Sequence[tuple[int, str]], handlers: Mapping[str, Handler]) -> None:
    queues: Any = Jsonb(lookup.queues(names=[name for _pk, name in rows], handlers=handlers))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {DELIVERY} d SET {changes} WHERE d.id = ANY(%(ids)s)",
            {"ids": [pk for pk, _name in rows], "queues": queues},
        )
