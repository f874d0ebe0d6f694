"""Crowds in the queue: thousands for one endpoint, thousands behind one dead delivery. Nobody else waits for them."""

import json
from dataclasses import replace

import pytest
from django.db import connection, transaction

from workers import actors, deliveries, dispatch, keys, steering
from workers.jobs import QUEUES
from workers.models import Delivery, State
from workers.tests.factories import age, elsewhere, handler

pytestmark = pytest.mark.usefixtures("committed")

SLOW, OTHER = "webhook:1", "webhook:2"
CROWD = 5000


def nothing(_fact, _context):
    return None


ORDERED = handler(nothing, ordered=True)


def waiting(
    name: str, count: int, *, queue: str = "webhooks", key: str = "", minutes: int = 60, first=State.PENDING
):
    """Make facts with a delivery each, due since `minutes`; `first` is the state of the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH facts AS (
                 INSERT INTO commerce_outboxevent (event_id, type, version, aggregate_type, aggregate_id, payload,
                        correlation_id, trace, actor, occurred_at, fanned_out_at)
                 SELECT gen_random_uuid(), 'order.paid', 1, 'order', '7',
                        '{"order_id": 7, "number": "7", "total": 1, "currency": "KRW"}',
                        gen_random_uuid(), '{}', '', now(), now() FROM generate_series(1, %(count)s)
                 RETURNING id),
               first AS (SELECT min(id) AS id FROM facts)
               INSERT INTO workers_delivery (event_id, handler, queue, partition_key, state, available_at)
               SELECT f.id, %(name)s, %(queue)s, %(key)s,
                      CASE WHEN f.id = first.id THEN %(first)s ELSE 0 END,
                      now() - make_interval(mins => %(minutes)s) + (f.id - first.id) * interval '1 ms'
               FROM facts f, first ORDER BY f.id""",
            {"count": count, "name": name, "queue": queue, "key": key, "first": first, "minutes": minutes},
        )
        cursor.execute("ANALYZE workers_delivery")


def names(ids: list[int]) -> list[str]:
    """Return whose deliveries these are, in the order of the ids."""
    found = dict(Delivery.objects.filter(pk__in=ids).values_list("pk", "handler"))
    return [found[pk] for pk in ids]


def without_limits(monkeypatch) -> None:
    monkeypatch.setitem(QUEUES, "webhooks", replace(QUEUES["webhooks"], each=0))


# --- thousands for one endpoint ------------------------------------------------------------------------------


def test_while_thousands_wait_for_one_endpoint_another_is_served_in_the_same_turn():
    waiting(SLOW, CROWD)
    waiting(OTHER, 1, minutes=1)

    first = dispatch.take_due(queue="webhooks", room=dispatch.WINDOW)
    second = dispatch.take_due(queue="webhooks", room=dispatch.WINDOW)

    assert names(first) == [SLOW, OTHER, SLOW, SLOW]  # everybody's first before anybody's second
    assert second == []
    assert Delivery.objects.filter(handler=SLOW, dispatches=0).count() == CROWD - 3


def test_twin_without_the_limit_the_crowd_fills_the_window_and_the_other_waits(monkeypatch):
    without_limits(monkeypatch)
    waiting(SLOW, CROWD)
    waiting(OTHER, 1, minutes=1)

    first = dispatch.take_due(queue="webhooks", room=dispatch.WINDOW)

    assert names(first) == [SLOW] * dispatch.WINDOW


def test_a_place_is_free_again_when_one_is_done_failed_or_never_came():
    waiting(SLOW, 9)
    done, failed, given_back = dispatch.take_due(queue="webhooks", room=9)
    for claim in deliveries.claim(ids=[done, failed, given_back], lease=60):
        assert dispatch.take_due(queue="webhooks", room=9) == []  # running counts as on its way does
        if claim.pk == done:
            deliveries.done(claim=claim)
        elif claim.pk == failed:
            deliveries.fail(
                claim=claim, error="no", wait=900, started_at=claim.fact.occurred_at, ms=1, http_status=500
            )
        else:
            deliveries.release(claim=claim, seconds=900)
        assert len(dispatch.take_due(queue="webhooks", room=9)) == 1

    assert Delivery.objects.filter(dispatches=1).count() == 3
    age(dispatch.VISIBILITY + 1)  # Redis lost them: they are due, and their places free
    assert len(dispatch.take_due(queue="webhooks", room=9)) == 3


def test_two_relays_together_send_no_more_than_one():
    waiting(SLOW, 9)
    with transaction.atomic():
        mine = dispatch.take_due(queue="webhooks", room=9)

        theirs = elsewhere(lambda: dispatch.take_due(queue="webhooks", room=9))

    assert (len(mine), theirs) == (3, [])


def test_a_crowd_costs_a_look_no_more_than_its_share():
    waiting(SLOW, CROWD)
    waiting(OTHER, 1, minutes=1)

    assert looks(lambda: dispatch.take_due(queue="webhooks", room=dispatch.WINDOW)) < 1000


def test_whoever_ends_a_webhook_wakes_the_relay_for_the_next_and_nobody_else_does(monkeypatch):
    woken: list[str] = []
    for queue in ("webhooks", "db"):
        monkeypatch.setattr(actors.kick, "kick", lambda queue=queue: woken.append(queue))
        actors.ACTORS[queue](-1)

    assert woken == ["webhooks"]


# --- thousands behind a dead one -----------------------------------------------------------------------------


@pytest.mark.parametrize("queue", ["db", "webhooks"])
def test_a_crowd_behind_a_dead_delivery_is_not_looked_at_in_every_turn(queue):
    waiting(ORDERED.name, CROWD, queue=queue, key="7", first=State.DEAD)
    waiting(ORDERED.name, 1, queue=queue, key="8", minutes=1)
    free = Delivery.objects.latest("pk").pk
    found: list[int] = []
    for _turn in range(6):
        found += dispatch.take_due(queue=queue, room=dispatch.WINDOW)

    assert found == [free]
    assert looks(lambda: dispatch.take_due(queue=queue, room=dispatch.WINDOW)) < CROWD / 2


def test_twin_who_never_stands_aside_holds_up_everybody_behind(monkeypatch):
    monkeypatch.setattr(keys, "step_aside", lambda ids: 0)
    waiting(ORDERED.name, CROWD, queue="db", key="7", first=State.DEAD)
    waiting(ORDERED.name, 1, queue="db", key="8", minutes=1)

    assert [dispatch.take_due(queue="db", room=dispatch.WINDOW) for _turn in range(6)] == [[]] * 6


def behind_a_dead_one() -> list[Delivery]:
    """Four of one key, the first dead, all others stood aside."""
    waiting(ORDERED.name, 4, queue="db", key="7", first=State.DEAD)
    rows = list(Delivery.objects.order_by("pk"))
    assert keys.step_aside(ids=[row.pk for row in rows]) == 3
    assert dispatch.take_due(queue="db", room=9) == []
    return rows


def run(pk: int) -> None:
    actors.run(ids=[pk], queue=QUEUES["db"], handlers={ORDERED.name: ORDERED})


def test_each_that_ends_calls_the_next_back():
    rows = behind_a_dead_one()

    steering.steer(act=steering.RETRY, delivery_id=rows[0].pk, by="user:7", handlers={})
    for row in rows:
        assert dispatch.take_due(queue="db", room=9) == [row.pk]
        run(row.pk)

    assert set(Delivery.objects.values_list("state", flat=True)) == {State.DONE}


def test_twin_nobody_calls_and_the_next_waits_out_its_time(monkeypatch):
    rows = behind_a_dead_one()
    monkeypatch.setattr(keys, "call_back", lambda ids: 0)

    steering.steer(act=steering.CANCEL, delivery_id=rows[0].pk, by="user:7", handlers={})

    assert dispatch.take_due(queue="db", room=9) == []
    age(2 * keys.DEAD)  # and then it comes back by itself
    assert dispatch.take_due(queue="db", room=9) == [rows[1].pk]


def test_a_person_who_gives_the_dead_one_up_calls_the_next_back():
    rows = behind_a_dead_one()

    steering.cancel_dead(handler=ORDERED.name, by="user:7")

    assert dispatch.take_due(queue="db", room=9) == [rows[1].pk]


def test_nobody_stands_aside_who_waits_for_nobody():
    waiting(ORDERED.name, 1, queue="db", key="7")
    waiting(ORDERED.name, 1, queue="db")
    rows = list(Delivery.objects.order_by("pk"))

    assert keys.step_aside(ids=[row.pk for row in rows]) == 0

    assert dispatch.take_due(queue="db", room=9) == [row.pk for row in rows]


def looks(work) -> int:
    """Return how many rows of the delivery table a piece of work reads, counted by PostgreSQL itself."""
    statements: list[tuple[str, object]] = []

    def note(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            work()
        transaction.set_rollback(True)
    total = 0
    for sql, params in statements:
        if "workers_delivery" in sql:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")  # as in a table that is worth an index
                cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
                [[plan]] = cursor.fetchall()
                transaction.set_rollback(True)
            total += _rows((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return total


def _rows(node: dict) -> int:
    own = 0
    if node.get("Relation Name") == "workers_delivery" and "Scan" in node["Node Type"]:
        seen = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        own = round(seen * node["Actual Loops"])
    return own + sum(_rows(child) for child in node.get("Plans", []))
