"""Record facts in the transaction of the change. The only code that inserts outbox rows."""

import contextlib
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import connection, transaction

from commerce.events.base import Event
from commerce.events.models import OutboxEvent


class RecordedOutsideTransaction(RuntimeError):
    """A fact was recorded without the change that it tells of: a defect, never a refusal."""


@dataclass(frozen=True)
class Chain:
    """Why something happens: the request or job that began it, the event that caused it, and who acts."""

    correlation_id: uuid.UUID
    causation_id: uuid.UUID | None = None
    actor: str = "system"
    trace: dict[str, str] = field(default_factory=dict)


_chain: ContextVar[Chain | None] = ContextVar("event_chain", default=None)
_kick: list[Callable[[], None]] = []


def record(event: Event, *, event_id: uuid.UUID | None = None) -> uuid.UUID:
    """Insert `event` into the outbox within the current transaction and return its event id.

    Call it while the aggregate's row is locked: then id order is the order of what happened to it.
    `event_id` is given only for facts whose id must be unique by construction, such as schedule slots.

    Raises:
        RecordedOutsideTransaction: no transaction is open.
    """
    if not connection.in_atomic_block:
        raise RecordedOutsideTransaction(event.name)
    chain_ = _chain.get() or Chain(correlation_id=uuid.uuid4())
    row = OutboxEvent(
        event_id=event_id or _uuid7(),
        type=event.name,
        version=event.version,
        aggregate_type=event.aggregate[0],
        aggregate_id=event.aggregate_id,
        payload=event.payload(),
        correlation_id=chain_.correlation_id,
        causation_id=chain_.causation_id,
        trace=chain_.trace,
        actor=chain_.actor,
        occurred_at=event.occurred_at,
    )
    row.save(force_insert=True)
    for kick in _kick:
        transaction.on_commit(kick, robust=True)
    return row.event_id


@contextlib.contextmanager
def chain(
    *,
    correlation_id: uuid.UUID,
    causation_id: uuid.UUID | None = None,
    actor: str = "system",
    trace: dict[str, str] | None = None,
) -> Iterator[None]:
    """Run a block whose facts carry these ids."""
    token = _chain.set(Chain(correlation_id, causation_id, actor, trace or {}))
    try:
        yield
    finally:
        _chain.reset(token)


@contextlib.contextmanager
def acting(actor: str) -> Iterator[None]:
    """Run a block in which `actor` (for example `user:7`) is the one who acts."""
    current = _chain.get() or Chain(correlation_id=uuid.uuid4())
    token = _chain.set(Chain(current.correlation_id, current.causation_id, actor, current.trace))
    try:
        yield
    finally:
        _chain.reset(token)


def actor() -> str:
    """Return who acts right now."""
    current = _chain.get()
    return current.actor if current else "system"


def on_record(kick: Callable[[], None]) -> None:
    """Call `kick` after each commit that recorded a fact: it saves waiting time, correctness never needs it."""
    if kick not in _kick:
        _kick.append(kick)


def _uuid7() -> uuid.UUID:
    """Return a time-ordered UUID (RFC 9562 version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | (0x7 << 76)
    return uuid.UUID(int=value & ~(0x3 << 62) | (0x2 << 62))
