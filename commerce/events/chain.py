"""Why something happens: the request or job that began it, the fact that caused it, and who acts.

No models here: the log's filter reads this before the apps are loaded.
"""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

Actor = str | Callable[[], str]  # a function where nobody asked yet who it is
SYSTEM = "system"


@dataclass(frozen=True)
class Chain:
    """The ids that facts, log lines and mails of one chain share."""

    correlation_id: uuid.UUID
    causation_id: uuid.UUID | None = None
    acting: Actor = SYSTEM
    trace: dict[str, str] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """Return who acts: `user:7`, `shopper`, `portone`, `worker:<handler>`, a command's name or `system`."""
        return self.acting if isinstance(self.acting, str) else self.acting()


_chain: ContextVar[Chain | None] = ContextVar("event_chain", default=None)


def current() -> Chain | None:
    """Return the chain that runs right now; None outside of any."""
    return _chain.get()


def actor() -> str:
    """Return who acts right now."""
    found = _chain.get()
    return found.actor if found else SYSTEM


@contextlib.contextmanager
def chain(
    *,
    correlation_id: uuid.UUID,
    causation_id: uuid.UUID | None = None,
    actor: Actor = SYSTEM,
    trace: dict[str, str] | None = None,
) -> Iterator[None]:
    """Run a block whose facts carry these ids. `actor` may be a function: it is asked by the first fact."""
    with _set(Chain(correlation_id, causation_id, actor, trace or {})):
        yield


@contextlib.contextmanager
def acting(actor: str) -> Iterator[None]:
    """Run a block in which `actor` (for example `user:7`) is the one who acts; begins a chain if none runs."""
    found = _chain.get() or Chain(correlation_id=uuid.uuid4())
    with _set(replace(found, acting=actor)):
        yield


@contextlib.contextmanager
def _set(wanted: Chain) -> Iterator[None]:
    token = _chain.set(wanted)
    try:
        yield
    finally:
        _chain.reset(token)
