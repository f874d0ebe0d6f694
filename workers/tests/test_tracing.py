"""A chain from request to mail: the same correlation everywhere, and each fact names its cause."""

from typing import Any

import pytest
import sentry_sdk
from django.core import mail as mailbox
from django.test import Client

from cms.tests import desk
from commerce.events import chain
from commerce.events.models import OutboxEvent
from commerce.orders.models import Order
from commerce.payments import portone
from commerce.payments.states import PaymentState
from commerce.tests import factories as shop
from commerce.tests.fakes import FakeGateway
from commerce.tests.test_webhook import body, send
from workers import actors, fanout
from workers.jobs import QUEUES
from workers.models import Delivery
from workers.tests.console import console
from workers.tests.factories import delivery, handler, paid_fact

committed = pytest.mark.usefixtures("committed")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    fake = FakeGateway()
    monkeypatch.setattr(portone, "gateway", lambda: fake)
    return fake


def work(name: str) -> Delivery:
    """Fan out and run the deliveries of one handler."""
    fanout.fan_out()
    row = Delivery.objects.get(handler=name)
    actors.run(ids=[row.pk], queue=QUEUES[row.queue])
    row.refresh_from_db()
    assert row.state == 3, row.last_error
    return row


def fact(kind: str) -> OutboxEvent:
    return OutboxEvent.objects.get(type=kind)


def header(message: Any, name: str) -> str:
    return str(message.message()[name])


@pytest.mark.django_db
def test_from_a_webhook_over_the_settled_payment_to_the_mail(client: Client, provider: FakeGateway) -> None:
    placed = shop.order()
    provider.says(placed, PaymentState.PAID)

    answer = send(client, body(placed.payment.payment_id))
    work("payments.settle")
    work("mail.order_paid")

    noticed, paid = fact("payment.noticed"), fact("order.paid")
    assert str(noticed.correlation_id) == answer.headers["X-Request-ID"]
    assert (noticed.causation_id, noticed.actor) == (None, "portone")
    assert (paid.correlation_id, paid.causation_id) == (noticed.correlation_id, noticed.event_id)
    assert (paid.actor, paid.trace) == ("worker:payments.settle", noticed.trace)
    assert paid.trace["traceparent"].split("-")[1] == noticed.correlation_id.hex
    assert placed.timeline.get(kind="paid").actor == "worker:payments.settle"
    (message,) = mailbox.outbox
    assert header(message, "X-Request-ID") == answer.headers["X-Request-ID"]
    assert header(message, "X-Event-ID") == str(paid.event_id)


@pytest.mark.django_db
def test_from_a_colleagues_click_to_the_mail(client: Client, provider: FakeGateway) -> None:
    placed = shop.order()
    person = desk.person("staff@maru.example", group="Staff")
    client.force_login(person)

    answer = client.post(f"/admin/orders/{placed.pk}/cancel/", {"note": "Hana rang"})
    work("mail.order_cancelled")

    assert Order.objects.get(pk=placed.pk).status == "cancelled"
    for kind in ("order.cancelled", "order.note_added"):
        told = fact(kind)
        assert (told.actor, told.causation_id) == (f"user:{person.pk}", None)
        assert str(told.correlation_id) == answer.headers["X-Request-ID"]
    (message,) = mailbox.outbox
    assert header(message, "X-Request-ID") == answer.headers["X-Request-ID"]
    assert header(message, "X-Event-ID") == str(fact("order.cancelled").event_id)


@committed
def test_a_handler_runs_under_the_ids_of_its_fact() -> None:
    seen: list[Any] = []
    row = delivery(handler(lambda _fact, _context: seen.append(chain.current())))
    stored = OutboxEvent.objects.get()
    stored.trace = {"traceparent": "00-1-2-01"}
    stored.save()

    run(row, lambda _fact, _context: seen.append(chain.current()))

    assert seen == [
        chain.Chain(
            correlation_id=stored.correlation_id,
            causation_id=stored.event_id,
            acting="worker:test.handler",
            trace={"traceparent": "00-1-2-01"},
        )
    ]
    assert chain.current() is None  # the next delivery of this thread begins anew


def run(row: Delivery, function: Any) -> None:
    handler_ = handler(function)
    actors.run(ids=[row.pk], queue=QUEUES["db"], handlers={handler_.name: handler_})


@committed
def test_without_the_chain_a_handlers_fact_has_lost_its_cause() -> None:
    """The twin of the tests above: called outside of the actor, the same handler records an orphan."""
    row = delivery(handler(print))
    claim = actors.deliveries.claim(ids=[row.pk], lease=60)[0]

    paid_fact(2)

    orphan = OutboxEvent.objects.latest("pk")
    assert orphan.causation_id is None
    assert orphan.correlation_id != claim.fact.correlation_id


@committed
def test_the_log_lines_of_a_handler_carry_request_event_and_handler() -> None:
    def fail(_fact: Any, _context: Any) -> None:
        actors.logger.info("on the way")
        raise RuntimeError("no luck")

    row = delivery(handler(fail))
    stored = OutboxEvent.objects.get()

    with console() as shown:
        run(row, fail)
        actors.logger.info("behind it")

    ids = f" request={stored.correlation_id} event={stored.event_id} handler=test.handler"
    lines = shown.getvalue().splitlines()
    assert [line.endswith(ids) for line in lines if "on the way" in line or "failed on try 1" in line] == [
        True,
        True,
    ]
    (after,) = [line for line in lines if "behind it" in line]
    assert after.endswith("behind it")


# --- Sentry -----------------------------------------------------------------------------------------------


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What Sentry would be sent; nothing leaves the process."""
    seen: list[Any] = []
    sentry_sdk.init(
        dsn="http://key@127.0.0.1:9/1",
        default_integrations=False,
        auto_enabling_integrations=False,
        traces_sample_rate=1.0,
        before_send=lambda event, _hint: seen.append(event),
        before_send_transaction=lambda event, _hint: seen.append(event),
    )
    yield seen
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


@committed
def test_sentry_is_told_which_try_of_which_handler_for_which_event_of_which_request(reports: Any) -> None:
    def fail(_fact: Any, _context: Any) -> None:
        raise RuntimeError("no luck")

    row = delivery(handler(fail))
    stored = OutboxEvent.objects.get()

    run(row, fail)
    Delivery.objects.update(state=0)
    run(row, fail)

    errors = [event for event in reports if "exception" in event]
    assert [event["tags"] for event in errors] == [
        {
            "event_id": str(stored.event_id),
            "correlation_id": str(stored.correlation_id),
            "handler": "test.handler",
            "attempt": 1,
        }
    ]  # the first failure only, and again when it is given up
    assert [event["exception"]["values"][-1]["value"] for event in errors] == ["no luck"]


@committed
def test_sentry_shows_click_and_handler_as_one_trace(reports: Any) -> None:
    row = delivery(handler(print))
    OutboxEvent.objects.update(
        trace={"sentry-trace": "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1", "baggage": ""}
    )

    run(row, lambda _fact, _context: None)

    (transaction,) = [event for event in reports if event.get("type") == "transaction"]
    trace = transaction["contexts"]["trace"]
    assert (trace["trace_id"], trace["parent_span_id"]) == (
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "00f067aa0ba902b7",
    )
    assert (trace["op"], transaction["transaction"]) == ("queue.process", "test.handler")
    assert transaction["tags"]["attempt"] == 1


@committed
def test_one_deliverys_tags_are_not_the_nexts(reports: Any) -> None:
    def fail(_fact: Any, _context: Any) -> None:
        raise RuntimeError("no luck")

    rows = [delivery(handler(fail), order_id=number) for number in (1, 2)]
    handler_ = handler(fail)
    actors.run(ids=[row.pk for row in rows], queue=QUEUES["db"], handlers={handler_.name: handler_})

    tagged = [event["tags"]["event_id"] for event in reports if "exception" in event]
    events = OutboxEvent.objects.order_by("pk").values_list("event_id", flat=True)
    assert tagged == [str(event_id) for event_id in events]
    sentry_sdk.capture_message("outside")
    assert "event_id" not in reports[-1].get("tags", {})
