"""From a fact to a receiver: who is told, what each answer leads to, when an endpoint is given up."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail as outbox_of_mails
from django.db import IntegrityError, transaction

from commerce.customers.models import User
from commerce.events import outbox, types
from commerce.events.base import registry
from commerce.events.models import OutboxEvent
from workers import actors, backoff, fanout, retention
from workers.jobs import QUEUES
from workers.models import Delivery, DeliveryAttempt, State, WebhookEndpoint, WebhookTry
from workers.tests.factories import NOW, age, elsewhere, paid_fact
from workers.tests.receiver import Receiver, verified
from workers.webhooks import catalogue, delivering, endpoints, log
from workers.webhooks.endpoints import Settings

pytestmark = pytest.mark.usefixtures("committed")
QUEUE = QUEUES["webhooks"]
PAID = "order.paid"


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def an_endpoint(url: str = "https://shop.example/hooks", **fields) -> WebhookEndpoint:
    chosen = {"name": "ERP", "url": url, "types": (PAID,), **fields}
    return endpoints.create(chosen=Settings(**chosen), by=None, now=NOW)


def fanned_out(order_id: int = 1) -> Delivery:
    """Record that an order was paid and return its delivery to the only endpoint."""
    paid_fact(order_id)
    fanout.fan_out()
    return Delivery.objects.filter(handler__startswith="webhook:").latest("pk")


def send(delivery: Delivery) -> Delivery:
    """Let a worker try it."""
    actors.run(ids=[delivery.pk], queue=QUEUE)
    delivery.refresh_from_db()
    return delivery


# --- who is told -------------------------------------------------------------------------------------------


def test_every_fact_is_public_or_internal_by_decision():
    assert set(registry()) == set(catalogue.PUBLIC) | catalogue.INTERNAL
    assert set(catalogue.PUBLIC).isdisjoint(catalogue.INTERNAL)


def test_public_fields_exist_in_their_facts():
    for name, kind in catalogue.PUBLIC.items():
        assert set(kind.fields) <= set(registry()[name].__dataclass_fields__), name


def test_enabled_endpoints_that_chose_a_type_get_a_delivery_each():
    first, second = an_endpoint(), an_endpoint(ordered=True)
    an_endpoint(types=("order.placed",))
    endpoints.disable(endpoint_id=an_endpoint().pk, reason="staff", now=NOW)

    fanned_out(order_id=7)

    rows = Delivery.objects.filter(handler__startswith="webhook:").order_by("pk")
    assert list(rows.values_list("handler", "queue", "partition_key", "state")) == [
        (first.handler, "webhooks", "", 0),
        (second.handler, "webhooks", "7", 0),
    ]


def test_internal_facts_are_not_offered_even_if_a_row_names_them():
    endpoint = an_endpoint()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(types=sorted(catalogue.INTERNAL))
    with transaction.atomic():
        outbox.record(
            types.PaymentNoticed(payment_id="p-1", notice_id=1, kind="Transaction.Paid", occurred_at=NOW)
        )

    fanout.fan_out()

    assert Delivery.objects.filter(handler=endpoint.handler).count() == 0


def test_a_crash_in_the_middle_of_fan_out_leaves_neither_mail_nor_webhook():
    an_endpoint()
    paid_fact()
    with pytest.raises(RuntimeError), transaction.atomic():
        fanout.fan_out()
        raise RuntimeError("the relay dies")

    assert Delivery.objects.count() == 0
    assert OutboxEvent.objects.get().fanned_out_at is None


# --- answers ----------------------------------------------------------------------------------------------


def test_a_message_arrives_signed_and_thin(receiver):
    endpoint = an_endpoint(receiver.url)

    row = send(fanned_out(order_id=7))

    (got,) = receiver.got
    assert row.state == State.DONE
    assert verified(got, endpoint.secret)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["traceparent"].startswith(f"00-{row.event.correlation_id.hex}-")
    assert json.loads(got.body) == {
        "type": PAID,
        "timestamp": "2026-11-24T09:30:00Z",
        "data": {"order_id": 7, "number": "20261124-0000007", "total": 1000, "currency": "KRW"},
    }
    kept = WebhookTry.objects.get(delivery=row)
    assert (kept.status, kept.response, kept.error, kept.url) == (200, "thanks", "", receiver.url)
    assert kept.headers["webhook-id"] == got.headers["webhook-id"]
    assert kept.body.encode() == got.body
    assert endpoint.secret not in json.dumps(kept.headers)


def test_the_id_stays_over_retries_and_resending_and_differs_between_endpoints(receiver):
    endpoint = an_endpoint(receiver.url)
    receiver.script = [(500, {}, b"")]
    row = send(fanned_out())
    age(10)
    send(row)
    assert log.resend(endpoint=endpoint, delivery_id=row.pk)
    send(row)
    other = an_endpoint(receiver.url)
    endpoints.disable(endpoint_id=endpoint.pk, reason="staff", now=NOW)
    send(fanned_out(2))

    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert len(ids) == 4
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert receiver.got[0].body == receiver.got[1].body == receiver.got[2].body
    assert verified(receiver.got[3], other.secret)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 422, 429, 500, 502, 503, 504])
def test_everything_but_2xx_is_tried_again_by_schedule(receiver, status):
    receiver.then = (status, {"location": "http://127.0.0.1:9/"}, b"no")
    an_endpoint(receiver.url)

    row = send(fanned_out())

    assert (row.state, row.attempts) == (State.RETRY, 1)
    failure = DeliveryAttempt.objects.get()
    assert (failure.http_status, len(receiver.got)) == (status, 1)
    assert WebhookTry.objects.get().status == status


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_2xx_is_success(receiver, status):
    receiver.then = (status, {}, b"")
    an_endpoint(receiver.url)

    assert send(fanned_out()).state == State.DONE


def test_the_schedule_is_the_one_of_standard_webhooks():
    handler = delivering.handler(name="webhook:17")

    assert handler.tries == 10
    assert [backoff.longest(attempt=n, delays=handler.delays) for n in range(1, 10)] == [
        5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400,
    ]  # fmt: skip
    assert delivering.handler(name="mail.order_paid") is None
    assert delivering.handler(name="webhook:17x") is None


def test_after_ten_tries_it_is_dead_and_can_be_sent_again(receiver):
    receiver.then = (500, {}, b"")
    endpoint = an_endpoint(receiver.url)
    row = fanned_out()
    for _n in range(10):
        age(100_000)
        send(row)

    assert (row.state, row.attempts, len(receiver.got)) == (State.DEAD, 10, 10)
    receiver.then = (200, {}, b"")
    assert log.resend(endpoint=endpoint, delivery_id=row.pk)
    assert send(row).state == State.DONE


@pytest.mark.parametrize(
    ("status", "waits"), [(429, True), (502, True), (503, True), (504, True), (500, False)]
)
def test_retry_after_is_honoured_where_it_means_something(receiver, status, waits):
    receiver.then = (status, {"retry-after": "900"}, b"")
    an_endpoint(receiver.url)
    row = fanned_out()

    send(row)

    seconds = (row.available_at - row.claimed_at).total_seconds()
    assert (seconds >= 900) is waits
    assert row.state == State.RETRY


def test_nobody_at_home_is_tried_again():
    with Receiver() as gone:
        url = gone.url
    an_endpoint(url)

    row = send(fanned_out())

    assert row.state == State.RETRY
    assert DeliveryAttempt.objects.get().http_status is None
    assert WebhookTry.objects.get().error.startswith("ConnectError")


def test_the_address_is_checked_at_each_sending_too(receiver, settings):
    an_endpoint(receiver.url)  # saved while it was allowed
    settings.WEBHOOK_PRIVATE_ADDRESSES = False

    row = send(fanned_out())

    assert row.state == State.RETRY
    assert WebhookTry.objects.get().error.startswith("port")
    assert receiver.got == []


def test_410_switches_the_endpoint_off_and_parks_what_waits(receiver):
    receiver.then = (410, {}, b"moved out")
    endpoint = an_endpoint(receiver.url)
    waiting = fanned_out(2)
    row = send(fanned_out(3))

    endpoint.refresh_from_db()
    waiting.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason) == (False, "gone")
    assert (row.state, waiting.state) == (State.CANCELLED, State.CANCELLED)
    assert waiting.last_error == endpoints.PARKED
    paid_fact(4)
    fanout.fan_out()
    assert Delivery.objects.filter(handler=endpoint.handler).count() == 2


def test_410_of_an_address_that_staff_replaced_meanwhile_does_not_switch_the_new_one_off(
    receiver, monkeypatch
):
    receiver.then = (410, {}, b"moved out")
    endpoint, real = an_endpoint(receiver.url), delivering.sending.post

    def replaced_meanwhile(**asked):
        WebhookEndpoint.objects.update(url="https://new.example/hooks")
        return real(**asked)

    monkeypatch.setattr(delivering.sending, "post", replaced_meanwhile)

    row = send(fanned_out())

    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason, row.state) == (True, "", State.RETRY)
    assert DeliveryAttempt.objects.get().http_status == 410


# --- giving up and coming back ----------------------------------------------------------------------------


def failing(receiver, *, days: float) -> WebhookEndpoint:
    receiver.then = (500, {}, b"")
    endpoint = an_endpoint(receiver.url)
    send(fanned_out())
    endpoint.refresh_from_db()
    assert endpoint.failing_since is not None
    WebhookEndpoint.objects.update(failing_since=endpoint.failing_since - timedelta(days=days))
    return endpoint


def test_five_days_of_failures_alone_switch_it_off_and_the_shop_gets_a_mail(receiver, monkeypatch):
    outbox_of_mails.outbox = []
    endpoint = failing(receiver, days=5)
    told = fanned_out(2)
    send(told)

    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason, told.state) == (False, "failing", State.CANCELLED)
    assert list(Delivery.objects.filter(handler=endpoint.handler).values_list("state", flat=True)) == [5, 5]
    fact = OutboxEvent.objects.get(type="webhook_endpoint.disabled")
    assert fact.payload == {"endpoint_id": endpoint.pk, "reason": "failing"}
    fanout.fan_out()
    notice = Delivery.objects.get(handler="mail.webhook_disabled")
    assert actors.run(ids=[notice.pk], queue=QUEUES["io"]) == 1


@pytest.mark.parametrize(
    ("language", "subject", "line"),
    [
        ("ko", "ERP", "ERP"),
        ("en", "A webhook was switched off", "Its receiver accepted nothing for five days."),
    ],
)
def test_the_mail_speaks_the_language_of_whoever_made_it(receiver, monkeypatch, language, subject, line):
    from_shop = type("Said", (), {"email": "desk@maru.example", "brand": "Maru"})()
    monkeypatch.setattr("workers.handlers.notices.sender", lambda language: from_shop)
    outbox_of_mails.outbox = []
    person = User.objects.create_user(f"{language}@maru.example", "correct horse")
    try:
        profile(person, language)
        endpoint = failing(receiver, days=5)
        WebhookEndpoint.objects.update(created_by=person)
        send(fanned_out(2))
        fanout.fan_out()
        actors.run(ids=[Delivery.objects.get(handler="mail.webhook_disabled").pk], queue=QUEUES["io"])

        (message,) = outbox_of_mails.outbox
        assert message.to == ["desk@maru.example"]
        assert message.extra_headers["Content-Language"] == language
        assert subject in message.subject
        assert line in message.body
        for part in (message.body, message.alternatives[0][0]):
            assert receiver.url in part
            assert f"/admin/webhooks/{endpoint.pk}/" in part
            assert "because of your order" not in part
    finally:
        WebhookEndpoint.objects.all().delete()
        person.delete()


def profile(person: User, language: str) -> None:
    from wagtail.users.models import UserProfile  # noqa: PLC0415 - only this test needs it

    found = UserProfile.get_for_user(person)
    found.preferred_language = language
    found.save()


def test_one_success_forgives_everything_before(receiver):
    endpoint = failing(receiver, days=4.9)
    receiver.then = (204, {}, b"")

    send(fanned_out(2))

    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.failing_since) == (True, None)


def test_less_than_five_days_is_borne(receiver):
    endpoint = failing(receiver, days=4.9)

    row = send(fanned_out(2))

    endpoint.refresh_from_db()
    assert (endpoint.enabled, row.state) == (True, State.RETRY)


def test_switched_on_again_it_has_all_its_patience_and_gets_what_it_missed(receiver):
    endpoint = failing(receiver, days=5)
    send(fanned_out(2))
    missed = paid_fact(3)
    fanout.fan_out()
    receiver.then = (200, {}, b"")

    assert endpoints.enable(endpoint_id=endpoint.pk)
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason, endpoint.failing_since) == (True, "", None)
    found = log.resend_unsent(endpoint=endpoint, since=NOW - timedelta(days=1), missed=True, now=NOW)

    assert (found.again, found.missed) == (2, 1)
    rows = Delivery.objects.filter(handler=endpoint.handler)
    assert rows.get(event__event_id=missed).state == State.PENDING
    for row in rows:
        send(row)
    assert {got.headers["webhook-id"] for got in receiver.got[-3:]} == {
        got.headers["webhook-id"] for got in receiver.got if got.headers["webhook-id"]
    }
    assert set(rows.values_list("state", flat=True)) == {State.DONE}


def test_what_was_skipped_by_hand_stays_skipped_and_what_is_done_stays_done(receiver):
    endpoint = an_endpoint(receiver.url)
    skipped, done = fanned_out(1), send(fanned_out(2))
    assert log.skip(endpoint=endpoint, delivery_id=skipped.pk)

    found = log.resend_unsent(endpoint=endpoint, since=NOW - timedelta(days=1), missed=True, now=NOW)

    assert (found.again, found.missed) == (0, 0)
    assert list(
        Delivery.objects.filter(handler=endpoint.handler).order_by("pk").values_list("pk", "state")
    ) == [
        (skipped.pk, State.CANCELLED),
        (done.pk, State.DONE),
    ]
    with pytest.raises(ValueError, match="30 days"):
        log.resend_unsent(endpoint=endpoint, since=NOW - timedelta(days=31), missed=False, now=NOW)


def test_one_endpoint_cannot_resend_or_skip_what_belongs_to_another(receiver):
    an_endpoint(receiver.url)
    row = fanned_out()
    other = an_endpoint(receiver.url, types=("order.placed",))

    assert not log.skip(endpoint=other, delivery_id=row.pk)
    send(row)
    assert not log.resend(endpoint=other, delivery_id=row.pk)
    row.refresh_from_db()
    assert row.state == State.DONE


def test_deleting_cancels_what_is_open_and_a_late_worker_sends_nothing(receiver):
    endpoint = an_endpoint(receiver.url)
    rows = [fanned_out(n) for n in (1, 2)]
    send(rows[0])

    assert endpoints.delete(endpoint_id=endpoint.pk) == 1

    rows[1].refresh_from_db()
    assert (rows[1].state, rows[1].last_error) == (State.CANCELLED, endpoints.DELETED)
    assert WebhookTry.objects.count() == 0
    Delivery.objects.filter(pk=rows[1].pk).update(state=State.PENDING)  # fanned out a moment too late
    assert send(rows[1]).state == State.CANCELLED
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("answer", "state", "why"),
    [
        (200, State.DONE, ""),
        (500, State.CANCELLED, "the endpoint was deleted: the receiver answered 500"),
        (410, State.CANCELLED, "the receiver answered 410"),
    ],
)
@pytest.mark.parametrize("tried_before", [False, True])
def test_an_endpoint_that_is_deleted_while_we_wait_for_its_answer(receiver, answer, state, why, tried_before):
    endpoint = an_endpoint(receiver.url)
    row, later = fanned_out(1), fanned_out(2)
    if tried_before:
        receiver.script = [(503, {}, b"")]
        send(row)
        assert WebhookTry.objects.count() == 1
        age(10)
    receiver.then = (answer, {}, b"")
    cancelled: list[int] = []
    receiver.before_answer = lambda: (
        cancelled.append(  # in the receiver's thread, so on a connection of its own
            elsewhere(lambda: endpoints.delete(endpoint_id=endpoint.pk))
        )
    )

    send(row)

    later.refresh_from_db()
    assert cancelled == [1]  # the other one; ours was under way
    assert (row.state, row.last_error, later.state) == (state, why, State.CANCELLED)
    assert (WebhookEndpoint.objects.count(), WebhookTry.objects.count()) == (0, 0)
    assert DeliveryAttempt.objects.count() == tried_before  # no error of ours on record


def test_an_endpoint_that_is_deleted_while_nobody_answers(receiver, monkeypatch):
    endpoint = an_endpoint(receiver.url)
    row = fanned_out(1)

    def hangs_up(**_asked):
        elsewhere(lambda: endpoints.delete(endpoint_id=endpoint.pk))
        raise delivering.sending.Unreachable("ConnectError: nobody there")

    monkeypatch.setattr(delivering.sending, "post", hangs_up)

    send(row)

    assert (row.state, row.last_error) == (
        State.CANCELLED,
        "the endpoint was deleted: ConnectError: nobody there",
    )


def test_a_defect_of_the_log_is_not_taken_for_a_deleted_endpoint(receiver, monkeypatch):
    """The twin: the endpoint is there, so the error is ours and on record."""
    an_endpoint(receiver.url)
    row = fanned_out(1)

    def broken(**_fields):
        raise IntegrityError("something else")

    monkeypatch.setattr(WebhookTry.objects, "update_or_create", broken)

    assert send(row).state == State.RETRY
    assert "something else" in DeliveryAttempt.objects.get().error


# --- secrets ----------------------------------------------------------------------------------------------


def test_while_secrets_overlap_both_sign_and_then_only_the_new_one(receiver):
    endpoint = an_endpoint(receiver.url)
    old = endpoint.secret
    new = endpoints.rotate(endpoint_id=endpoint.pk, overlap=timedelta(hours=24), now=NOW)

    send(fanned_out(1))  # the worker's clock decides, and it is 2026 or later
    WebhookEndpoint.objects.update(previous_until=NOW + timedelta(days=36_500))
    send(fanned_out(2))
    WebhookEndpoint.objects.update(previous_until=NOW - timedelta(days=36_500))
    send(fanned_out(3))

    assert new.secret != old
    assert [(verified(got, old), verified(got, new.secret)) for got in receiver.got][1:] == [
        (True, True),
        (False, True),
    ]
    assert endpoints.secrets(endpoint=new, now=NOW + timedelta(hours=23)) == [new.secret, old]
    assert endpoints.secrets(endpoint=new, now=NOW + timedelta(hours=24)) == [new.secret]


def test_a_leaked_secret_ends_at_once():
    endpoint = an_endpoint()

    new = endpoints.rotate(endpoint_id=endpoint.pk, overlap=timedelta(0), now=NOW)

    assert endpoints.secrets(endpoint=new, now=NOW) == [new.secret]
    assert new.previous_secret == ""


def test_a_secret_is_never_in_a_row_that_is_printed():
    endpoint = an_endpoint()

    assert endpoint.secret.removeprefix("whsec_") not in f"{endpoint!r} {endpoint}"


# --- order and room ---------------------------------------------------------------------------------------


def two_facts_of_one_order(receiver, *, ordered: bool) -> tuple[Delivery, Delivery]:
    receiver.script = [(500, {}, b"")]
    an_endpoint(receiver.url, ordered=ordered)
    first, second = fanned_out(7), fanned_out(7)
    send(first)
    send(second)
    return first, second


def test_kept_in_order_the_second_fact_of_an_order_waits_for_the_first(receiver):
    first, second = two_facts_of_one_order(receiver, ordered=True)

    assert (first.state, second.state) == (State.RETRY, State.PENDING)
    assert len(receiver.got) == 1
    age(10)
    send(first)
    assert send(second).state == State.DONE
    assert len(receiver.got) == 3


def test_twin_without_the_order_the_second_fact_overtakes_the_first(receiver):
    first, second = two_facts_of_one_order(receiver, ordered=False)

    assert (first.state, second.state) == (State.RETRY, State.DONE)
    assert len(receiver.got) == 2


def test_other_orders_do_not_wait(receiver):
    two_facts_of_one_order(receiver, ordered=True)

    assert send(fanned_out(8)).state == State.DONE


def test_a_dead_one_blocks_its_order_until_a_person_skips_it(receiver):
    first, second = two_facts_of_one_order(receiver, ordered=True)
    Delivery.objects.filter(pk=first.pk).update(state=State.DEAD)
    assert send(second).state == State.PENDING

    assert log.skip(endpoint=WebhookEndpoint.objects.get(), delivery_id=first.pk)

    assert send(second).state == State.DONE


def test_a_slow_endpoint_gets_no_more_than_its_share_of_threads(receiver):
    endpoint = an_endpoint(receiver.url)
    rows = [fanned_out(n) for n in range(4)]
    Delivery.objects.filter(pk__in=[row.pk for row in rows[:3]]).update(state=State.RUNNING)

    row = send(rows[3])

    assert (row.state, row.attempts, receiver.got) == (State.PENDING, 0, [])
    assert (row.available_at - row.claimed_at).total_seconds() >= 1
    Delivery.objects.filter(pk=rows[0].pk).update(state=State.DONE)
    assert send(row).state == State.DONE
    assert endpoint.handler == row.handler


@pytest.fixture
def hanging(receiver):
    """A receiver that answers nobody before the test ends."""
    over = threading.Event()
    receiver.before_answer = lambda: over.wait(60) and None
    with ThreadPoolExecutor(max_workers=5) as threads:
        try:
            yield (
                receiver,
                lambda row: threads.submit(elsewhere, lambda: actors.run(ids=[row.pk], queue=QUEUE)),
            )
        finally:
            over.set()


def arrived(receiver: Receiver, count: int) -> bool:
    """Wait until so many requests arrived."""
    ends = time.monotonic() + 60
    while len(receiver.got) < count and time.monotonic() < ends:
        time.sleep(0.05)
    return len(receiver.got) == count


def test_while_three_hang_a_fourth_is_not_begun_and_another_receiver_is_served(hanging):
    receiver, start = hanging
    an_endpoint(receiver.url)
    rows = [fanned_out(n) for n in range(4)]
    for n, row in enumerate(rows[:3]):
        start(row)
        assert arrived(receiver, n + 1)

    assert (send(rows[3]).state, rows[3].attempts, len(receiver.got)) == (State.PENDING, 0, 3)
    with Receiver() as other:
        an_endpoint(other.url, types=("order.paid",))
        assert send(fanned_out(9)).state == State.DONE


def test_twin_without_the_limit_a_receiver_that_hangs_takes_a_fourth_thread(hanging, monkeypatch):
    monkeypatch.setattr(delivering, "AT_ONCE", 99)
    receiver, start = hanging
    an_endpoint(receiver.url)
    for n in range(4):
        start(fanned_out(n))

    assert arrived(receiver, 4)


def test_deliveries_that_are_forgotten_take_their_last_try_along(receiver):
    an_endpoint(receiver.url)
    row = send(fanned_out())

    gone = retention.forget(now=NOW + timedelta(days=4000))

    assert gone["sent"] == 1
    assert not Delivery.objects.filter(pk=row.pk).exists()
