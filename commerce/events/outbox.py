"""Record facts in the transaction of the change. The only code that inserts outbox rows."""

import os
import time
import uuid
from collections.abc import Callable, Sequence

from django.db import connection, transaction

from commerce import copies
from commerce.events.base import FACTS, Event
from commerce.events.chain import Chain as Chain  # noqa: PLC0414  # callers find all of these here
from commerce.events.chain import acting as acting  # noqa: PLC0414
from commerce.events.chain import actor as actor  # noqa: PLC0414
from commerce.events.chain import chain as chain  # noqa: PLC0414
from commerce.events.chain import current
from commerce.events.models import OutboxEvent
from commerce.events.schema import InvalidFact as InvalidFact  # noqa: PLC0414
from commerce.events.shown import SHOWN
from commerce.rows import insert


class RecordedOutsideTransaction(RuntimeError):
    """A fact was recorded without the change that it tells of: a defect, never a refusal."""


_kick: list[Callable[[], None]] = []


def record(event: Event, *, event_id: uuid.UUID | None = None) -> uuid.UUID:
    """Insert `event` into the outbox within the current transaction and return its event id.

    Call it while the aggregate's row is locked: then id order is the order of what happened to it.
    `event_id` is given only for facts whose id must be unique by construction, such as schedule slots.

    Raises:
        RecordedOutsideTransaction: no transaction is open.
        InvalidFact: the fact is not declared, or a value is not what its class declares. Nothing was inserted.
    """
    row = _row(event, event_id)
    insert(rows=[row])
    _arrange_kicks()
    _renew_pages([event])
    return row.event_id


def record_all(events: Sequence[Event]) -> None:
    """Insert several facts with one statement, in this order.

    Raises:
        RecordedOutsideTransaction: no transaction is open.
        InvalidFact: one of them is not what its class declares. Nothing was inserted.
    """
    insert(rows=[_row(event) for event in events])
    if events:
        _arrange_kicks()
        _renew_pages(events)


def on_record(kick: Callable[[], None]) -> None:
    """Call `kick` after each commit that recorded a fact: it saves waiting time, correctness never needs it."""
    if kick not in _kick:
        _kick.append(kick)


def _row(event: Event, event_id: uuid.UUID | None = None) -> OutboxEvent:
    if not connection.in_atomic_block:
        raise RecordedOutsideTransaction(event.name)
    if not FACTS.holds(type(event)):
        raise InvalidFact(f"{type(event).__name__} is no declared fact")
    chain_ = current() or Chain(correlation_id=uuid.uuid4())
    return OutboxEvent(
        event_id=event_id or _uuid7(),
        type=event.name,
        version=event.version,
        aggregate_type=event.aggregate[0],
        aggregate_id=event.aggregate_id,
        payload=event.payload(),
        correlation_id=chain_.correlation_id,
        causation_id=chain_.causation_id,
        trace=chain_.trace,
        actor=chain_.actor[:80],
        occurred_at=event.occurred_at,
    )


def _arrange_kicks() -> None:
    """Kick once per commit, however many facts it has."""
    for kick in _kick:
        _once_per_commit(kick)


def _once_per_commit(act: Callable[[], None]) -> None:
    here = set(connection.savepoint_ids)
    arranged = (entry for entry in connection.run_on_commit if entry[1] is act)
    if not any(entry[0] <= here for entry in arranged):  # else a rollback of its savepoint would drop ours
        transaction.on_commit(act, robust=True)


def _renew_pages(events: Sequence[Event]) -> None:
    """Throw copies away at once; should this fail, the handler of the same facts does it again."""
    if any(event.name in SHOWN for event in events):
        _once_per_commit(copies.forget)


def _uuid7() -> uuid.UUID:
    """Return a time-ordered UUID (RFC 9562 version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | (0x7 << 76)
    return uuid.UUID(int=value & ~(0x3 << 62) | (0x2 << 62))
