"""Continue the trace in which an event was recorded, so that Sentry shows click and mail as one story."""

import contextlib
from collections.abc import Iterator

import sentry_sdk

from commerce.events import outbox
from workers.deliveries import Claim


@contextlib.contextmanager
def continued(claim: Claim) -> Iterator[None]:
    """Run a handler as the event's consequence: ids for its facts, tags for Sentry where it listens."""
    fact = claim.fact
    with (
        _told(claim) if sentry_sdk.is_initialized() else contextlib.nullcontext(),
        outbox.chain(
            correlation_id=fact.correlation_id,
            causation_id=fact.event_id,
            actor=f"worker:{claim.handler}",
            trace=fact.trace,
        ),
    ):
        yield


@contextlib.contextmanager
def _told(claim: Claim) -> Iterator[None]:
    fact = claim.fact
    with sentry_sdk.isolation_scope() as scope:
        scope.set_tag("handler", claim.handler)
        scope.set_tag("attempt", claim.attempts)
        scope.set_tag("event_id", str(fact.event_id))
        scope.set_tag("correlation_id", str(fact.correlation_id))
        trace = sentry_sdk.continue_trace(fact.trace, op="queue.process", name=claim.handler)
        with sentry_sdk.start_transaction(trace):
            yield
