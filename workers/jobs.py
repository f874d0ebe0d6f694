"""The words that relay, actors and handlers share."""

import builtins
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from commerce.events.base import Event

E = TypeVar("E", bound=Event)
_KEYS = uuid.UUID("7d0f7c4e-3a0b-5c11-9d5e-0f6d2a7b9c31")


class Permanent(Exception):
    """Trying again cannot help: the delivery is dead at once and a person decides."""


class Later(Exception):
    """This try failed and whoever refused it said when to come back: in `seconds`, at the earliest."""

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Elsewhere(Exception):
    """What failed is not ours to repair, such as a merchant's server: tried again, but nobody is alarmed."""


class NotNow(Exception):
    """Nothing was tried: somebody may ask again in `seconds`. It does not count as a try."""

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Withdrawn(Exception):
    """Nobody wants this effect any more: the delivery is cancelled, with this as the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A recorded event as a handler reads it."""

    pk: int
    event_id: uuid.UUID
    type: str
    version: int
    payload: dict[str, Any]
    occurred_at: datetime
    correlation_id: uuid.UUID
    trace: dict[str, str]

    def read(self, kind: builtins.type[E]) -> E:
        """Return the fact as its class, typed.

        Raises:
            TypeError: it is another fact; the routing table and the handler do not fit.
            InvalidFact: the payload is not what the class declares.
        """
        if kind.name != self.type:
            raise TypeError(f"{self.type} is read as {kind.name}")
        return kind.from_payload(self.payload, occurred_at=self.occurred_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a handler may know besides the event."""

    handler: str
    attempt: int
    idempotency_key: uuid.UUID  # the same in every attempt and after a replay
    now: datetime


Function = Callable[[Fact, Context], None]
Kind = Literal["db", "external"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """A reaction to an event.

    `db` runs inside the transaction that marks the delivery done, and talks to nothing else. `external`
    runs before it, outside any transaction, and must be safe to repeat under its idempotency key.

    `timeout` is in seconds. `priority`: of deliveries of one queue that are due, the lower goes first.
    `delays`: the longest waits in seconds between tries, instead of the usual growing ones; it then also
    says how many tries there are. `ordered`: an event waits until the earlier ones of its aggregate are
    done. `once`: the effect stays unique also when its delivery was forgotten and the event is replayed
    (only `db`). The name is data: it is stored in rows and never renamed.
    """

    name: str
    function: Function
    queue: Literal["critical", "db", "io", "webhooks", "clock", "bulk"]
    kind: Kind
    max_attempts: int = 12
    timeout: int = 30
    priority: int = 0
    delays: tuple[int, ...] = ()
    ordered: bool = False
    once: bool = False

    @property
    def tries(self) -> int:
        """Return how often the handler is tried in all."""
        return len(self.delays) + 1 if self.delays else self.max_attempts


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How long a worker may hold what it claimed, in seconds: timeouts < `limit`.

    A lease lasts a minute and is renewed while its handler may run (`workers.leases`), so a worker that
    vanishes is noticed within a minute whatever it did.
    """

    name: str
    limit: int = 50
    lease: int = 60
    batch: int = 1  # ids in one message while much waits
    each: int = 0  # deliveries of one handler that workers may hold at a time; 0: any number


QUEUES: dict[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue(name="critical"),
        Queue(name="db", batch=20),
        Queue(name="io"),
        Queue(name="webhooks", each=3),  # other people's servers: a slow one keeps nobody else waiting
        Queue(name="clock", limit=600),  # what the schedule starts: never behind a queue of pictures
        Queue(name="bulk", limit=3 * 3600),  # pictures take minutes; the backup of a big shop takes hours
        Queue(name="quarantine", limit=3 * 3600),  # suspects of killing their worker
    )
}


def idempotency_key(*, event_id: uuid.UUID, handler: str) -> uuid.UUID:
    """Return the key under which this handler's effect of this event is known outside, for ever the same."""
    return uuid.uuid5(_KEYS, f"{event_id} {handler}")
