"""The numbers at `/metrics`, exact from rows that the test made, and who may read them."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from prometheus_client.parser import text_string_to_metric_families

from commerce.events import outbox, types
from workers import counters, fanout, health, metrics
from workers.models import Delivery, DeliveryAttempt, State
from workers.routing import HANDLERS

pytestmark = pytest.mark.django_db
MAIL, PAID = "mail.refund_completed", "mail.order_paid"


@pytest.fixture(autouse=True)
def redis_is_away(monkeypatch):
    monkeypatch.setattr(health, "windows", lambda: None)


def now():
    """The database's clock: all ages are told by it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def row(state: State, *, handler: str = MAIL, seconds: float = 0, **fields) -> Delivery:
    """A delivery in a state, of a fact that is `seconds` old."""
    fact, at = types.RefundCompleted, now() - timedelta(seconds=seconds)
    with transaction.atomic():
        event_id = outbox.record(fact(order_id=1, refund_id=7, amount=1000, occurred_at=at))
    fanout.fan_out(routes={fact.name: (HANDLERS[handler],)})
    found = Delivery.objects.get(event__event_id=event_id)
    Delivery.objects.filter(pk=found.pk).update(state=state, **fields)
    return found


def samples() -> dict:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(metrics.report().decode())
        for sample in family.samples
    }


@pytest.fixture
def busy() -> dict:
    """The numbers of a shop where something of everything happens."""
    for handler, age in ((MAIL, 4), (MAIL, 2), (PAID, 10)):
        row(State.DONE, handler=handler, seconds=age, done_at=now())
    row(State.DONE, done_at=now() - timedelta(minutes=6))
    row(State.DEAD)
    row(State.DEAD, handler=PAID)
    row(State.RUNNING)
    late = row(State.RETRY, available_at=now() - timedelta(seconds=70))
    row(State.PENDING, available_at=now() + timedelta(seconds=70))
    for minutes in (1, 2, 6):
        DeliveryAttempt.objects.create(
            delivery=late, n=1, started_at=now() - timedelta(minutes=minutes), ms=1, error="no"
        )
    with transaction.atomic():  # nobody fans it out
        outbox.record(
            types.RefundCompleted(
                order_id=2, refund_id=8, amount=5, occurred_at=now() - timedelta(seconds=40)
            )
        )
    counters.add(name=counters.FENCED, label=MAIL, number=2)
    counters.add(name=counters.DUPLICATES, label="io")
    counters.add(name=counters.DUPLICATES, label="io", number=4)
    counters.add(name=counters.LOST, label=PAID)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO workers_schedule (name, spec, tz, next_at, enabled) VALUES
               ('schedule.publishing', 'every 60 s', 'Asia/Seoul', now() - interval '50 s', true),
               ('schedule.retention', 'daily 04:40', 'Asia/Seoul', now() + interval '5 min', true),
               ('schedule.gone', 'every 60 s', 'Asia/Seoul', now() - interval '5 d', true)"""
        )
        cursor.execute(
            "INSERT INTO workers_relaystate (id, heartbeat_at) VALUES (1, now() - interval '3 s')"
            " ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at"
        )
    return samples()


def test_lags_states_and_times_are_exact(busy):
    assert busy["maru_outbox_lag_seconds",] == 40
    assert busy["maru_relay_heartbeat_age_seconds",] == 3
    assert (busy["maru_due_age_seconds", "io"], busy["maru_due_age_seconds", "db"]) == (70, 0)
    assert (busy["maru_dead_total", MAIL], busy["maru_dead_total", PAID]) == (1, 1)
    states = {key[1:]: value for key, value in busy.items() if key[0] == "maru_deliveries"}
    assert states == {
        (MAIL, "pending"): 1,
        (MAIL, "running"): 1,
        (MAIL, "retry"): 1,
        (MAIL, "done"): 2,
        (MAIL, "dead"): 1,
        (PAID, "done"): 1,
        (PAID, "dead"): 1,
    }
    took = {le: busy["maru_e2e_seconds_bucket", MAIL, le] for le in ("1", "2.5", "5", "+Inf")}
    assert took == {"1": 0, "2.5": 1, "5": 2, "+Inf": 2}  # two and four seconds
    assert (busy["maru_e2e_seconds_gcount", MAIL], busy["maru_e2e_seconds_gsum", MAIL]) == (2, 6)
    assert (busy["maru_e2e_seconds_bucket", PAID, "5"], busy["maru_e2e_seconds_bucket", PAID, "10"]) == (0, 1)


def test_failures_counters_and_the_clock_are_exact(busy):
    assert busy["maru_failed_attempts", MAIL] == 2
    assert (busy["maru_fenced_total", MAIL], busy["maru_lost_leases_total", PAID]) == (2, 1)
    assert busy["maru_duplicates_suppressed_total", "io"] == 5
    assert busy["maru_schedule_lag_seconds", "schedule.publishing"] == 50
    assert busy["maru_schedule_lag_seconds", "schedule.retention"] == 0
    assert ("maru_schedule_lag_seconds", "schedule.gone") not in busy
    assert busy["maru_broker_up",] == 0
    assert ("maru_window_depth", "io") not in busy


def test_an_empty_shop_has_numbers_too():
    found = samples()

    assert found["maru_outbox_lag_seconds",] == 0
    assert found["maru_due_age_seconds", "critical"] == 0
    assert ("maru_relay_heartbeat_age_seconds",) not in found


def test_windows_are_told_when_redis_answers(monkeypatch):
    monkeypatch.setattr(health, "windows", lambda: {"io": 7})

    found = samples()

    assert (found["maru_broker_up",], found["maru_window_depth", "io"]) == (1, 7)


def test_a_sent_delivery_that_nobody_took_counts_from_its_first_sending():
    row(State.PENDING, dispatches=1, available_at=now() + timedelta(seconds=30))  # sent 90 s ago

    assert health.due_ages() == {"io": 90.0}


def test_the_age_is_told_for_each_queue_and_priority():
    row(State.PENDING, available_at=now() - timedelta(seconds=5))
    row(State.PENDING, available_at=now() - timedelta(seconds=500), priority=10)
    row(State.PENDING, handler="payments.refund", available_at=now() - timedelta(seconds=9), queue="critical")

    assert health.due_ages() == {"io": 500.0, "critical": 9.0}


def test_health_tells_schedule_lag_and_dead_by_handler():
    row(State.DEAD)
    row(State.DEAD, handler=PAID)
    row(State.DEAD, handler=PAID)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO workers_schedule (name, spec, tz, next_at, enabled) VALUES
               ('schedule.publishing', 'every 60 s', 'Asia/Seoul', now() - interval '90 s', true),
               ('schedule.unpaid_orders', 'every 60 s', 'Asia/Seoul', now() - interval '900 s', false)"""
        )

    lag = health.lag()

    assert (lag["schedule"], lag["dead"], lag["dead_by_handler"]) == (90.0, 3, {MAIL: 1, PAID: 2})
    assert health.late(lag | {"relay": 1.0})
    assert not health.late(lag | {"relay": 1.0, "schedule": 5.0})


# --- who may read -----------------------------------------------------------------------------------------

TOKEN = "s3cret-" + uuid.uuid4().hex


@pytest.mark.parametrize("address", ["127.0.0.1", "203.0.113.9"])
def test_without_a_token_there_is_no_such_page(client, settings, address):
    settings.METRICS_TOKEN = ""

    answer = client.get("/metrics", REMOTE_ADDR=address, headers={"Authorization": "Bearer "})

    assert answer.status_code == 404
    assert b"maru_" not in answer.content


@pytest.mark.parametrize(
    "said",
    ["", TOKEN, "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ü"],
    ids=["nothing", "bare", "no token", "wrong", "other scheme", "longer", "not ascii"],
)
def test_whoever_does_not_know_the_token_is_refused(client, settings, said):
    settings.METRICS_TOKEN = TOKEN

    answer = client.get("/metrics", headers={"Authorization": said})

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="metrics"')
    assert b"maru_" not in answer.content


def test_the_token_opens_and_nothing_is_kept(client, settings):
    settings.METRICS_TOKEN = TOKEN

    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}", "Host": "10.0.0.7:8000"})

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert b"maru_outbox_lag_seconds 0.0" in answer.content


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("203.0.113.9", 404)])
def test_in_development_this_machine_needs_no_token(client, settings, address, status):
    settings.METRICS_TOKEN, settings.DEBUG = "", True

    assert client.get("/metrics", REMOTE_ADDR=address).status_code == status


def test_in_development_a_set_token_is_asked_for(client, settings):
    settings.METRICS_TOKEN, settings.DEBUG = TOKEN, True

    assert client.get("/metrics").status_code == 401


def test_a_database_that_is_too_slow_is_told(client, settings, monkeypatch):
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(metrics, "LONGEST", 0.001)
    monkeypatch.setattr(metrics, "_DONE", "SELECT 3 AS state, '' AS handler, pg_sleep(%s), %s")

    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert (answer.status_code, answer.content) == (503, b"PostgreSQL does not answer in time\n")
