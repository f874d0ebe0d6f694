import uuid

import pytest
import sentry_sdk
from sentry_sdk.transport import Transport

from commerce.events import chain
from workers import tracing
from workers.deliveries import Claim
from workers.jobs import Fact
from workers.tests.factories import NOW

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
CLAIM = Claim(
    pk=7,
    handler="test.handler",
    attempts=2,
    token=uuid.uuid4(),
    fact=Fact(
        pk=5,
        event_id=uuid.uuid4(),
        type="order.paid",
        version=1,
        payload={},
        occurred_at=NOW,
        correlation_id=uuid.uuid4(),
        trace={"sentry-trace": f"{TRACE_ID}-00f067aa0ba902b7-1"},
    ),
)


class Kept(Transport):
    def __init__(self, options=None) -> None:
        super().__init__(options)
        self.events: list = []

    def capture_envelope(self, envelope) -> None:
        self.events += [item.payload.json for item in envelope.items]


@pytest.fixture
def kept():
    transport = Kept()
    sentry_sdk.init(dsn="https://key@sentry.example/1", transport=transport, default_integrations=False)
    yield transport
    sentry_sdk.get_global_scope().set_client(None)


def test_sentry_learns_which_delivery_it_was_and_whose_click_began_it(kept):
    with tracing.continued(CLAIM):
        sentry_sdk.capture_message("no luck")

    (event,) = kept.events
    assert event["tags"] == {
        "handler": "test.handler",
        "attempt": 2,
        "event_id": str(CLAIM.fact.event_id),
        "correlation_id": str(CLAIM.fact.correlation_id),
    }
    assert event["contexts"]["trace"]["trace_id"] == TRACE_ID


def test_facts_of_a_handler_know_what_caused_them_also_without_sentry():
    assert not sentry_sdk.is_initialized()
    with tracing.continued(CLAIM):
        link = chain.current()

    assert link is not None
    assert (link.correlation_id, link.causation_id) == (CLAIM.fact.correlation_id, CLAIM.fact.event_id)
    assert (link.actor, link.trace) == ("worker:test.handler", CLAIM.fact.trace)
