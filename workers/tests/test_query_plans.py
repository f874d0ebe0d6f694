"""What the page "Events", `/health/` and `/metrics` ask uses indexes: looked at with 60,000 deliveries."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from commerce.events.models import OutboxEvent
from workers import health, metrics
from workers.backoffice import event_list
from workers.models import State

pytestmark = pytest.mark.usefixtures("many")
FACTS = 60_000


@pytest.fixture
def many(db) -> Iterator[None]:
    """Sixty thousand facts of a month with a delivery each: nearly all done, a few in every other state."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO commerce_outboxevent (event_id, type, version, aggregate_type, aggregate_id, payload,
                     correlation_id, trace, actor, occurred_at, fanned_out_at)
               SELECT gen_random_uuid(), CASE WHEN n %% 1000 = 0 THEN 'order.cancelled' ELSE 'order.paid' END,
                      1, 'order', n::text, '{}', gen_random_uuid(), '{}',
                      CASE WHEN n %% 5000 = 0 THEN 'user:7' ELSE 'shopper' END,
                      now() - make_interval(mins => %(facts)s - n), now()
               FROM generate_series(1, %(facts)s) n""",
            {"facts": FACTS},
        )
        cursor.execute(
            """INSERT INTO workers_delivery (event_id, handler, queue, state, done_at, available_at, created_at)
               SELECT id, 'mail.order_paid', 'io',
                      CASE id %% 4000 WHEN 0 THEN 4 WHEN 1 THEN 5 WHEN 2 THEN 1 WHEN 3 THEN 2 WHEN 4 THEN 0
                                      ELSE 3 END,
                      occurred_at, occurred_at, occurred_at
               FROM commerce_outboxevent""",
            [],
        )
        cursor.execute(
            "REINDEX TABLE workers_delivery"
        )  # tests before this one may have left it full of holes
        cursor.execute("ANALYZE commerce_outboxevent")
        cursor.execute("ANALYZE workers_delivery")
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL statement_timeout = 0"
        )  # of the metrics: sixty thousand rows are checked now


def scanned(sql: str, parameters=()) -> set[str]:
    """Return the tables that a statement would read from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        [[found]] = cursor.fetchall()
    plan = json.loads(found) if isinstance(found, str) else found
    return set(_scans(plan[0]["Plan"]))


def _scans(node: dict):
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for child in node.get("Plans", []):
        yield from _scans(child)


def asked(work) -> list[tuple[str, tuple]]:
    """Return the reading statements that a piece of code sends."""
    sent: list[tuple[str, tuple]] = []

    def watch(execute, sql, params, many, context):
        if sql.lstrip().startswith(("SELECT", "WITH")):
            sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        work()
    assert sent
    return sent


BIG = {"commerce_outboxevent", "workers_delivery"}


WANTED = (
    {},
    {"type": "order.cancelled"},
    {"aggregate_type": "order", "aggregate_id": "77"},
    {"correlation": "00000000-0000-4000-8000-000000000000"},
    {"actor": "user:7"},
    {"since": timezone.now() - timedelta(days=3), "until": timezone.now() - timedelta(days=2)},
    {"state": State.DEAD},
    {"state": State.PENDING},
    {"state": State.RETRY},
    {"state": State.RUNNING},
    {"state": State.CANCELLED},
    {"state": State.DONE, "handler": "mail.order_paid"},
    {"handler": "mail.order_paid"},
)


def test_nothing_that_is_asked_often_reads_a_table_from_end_to_end():
    newest = OutboxEvent.objects.latest("pk").pk
    for work in (health.lag, health.lanes, health.dead, metrics.report):
        for sql, parameters in asked(work):
            assert not scanned(sql, parameters) & BIG, sql
    for wanted in WANTED:
        rows = event_list._before(event_list.found(wanted), wanted, newest)[: event_list.PER_PAGE]
        assert not scanned(*rows.query.sql_with_params()) & BIG, wanted

    # and the look would notice it
    assert scanned("SELECT count(*) FROM workers_delivery WHERE last_error = 'x'") == {"workers_delivery"}
