"""Claim, run, done: the fence that makes database effects happen once."""

import pytest
from django.db import OperationalError, connection, transaction

from commerce.events.models import OutboxEvent
from workers import actors, deliveries
from workers.jobs import QUEUES
from workers.models import Delivery, DeliveryAttempt, HandledEvent
from workers.tests.factories import age, delivery, elsewhere, handler, paid_fact

pytestmark = pytest.mark.usefixtures("committed")
DB = QUEUES["db"]


@pytest.fixture(autouse=True)
def effects(committed):
    """A table that accepts duplicates: a unique one would hide them as retries."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS test_effect (event_id bigint)")
        cursor.execute("DELETE FROM test_effect")


def leave_effect(fact, _context):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO test_effect VALUES (%s)", [fact.pk])


def effects_of(row: Delivery) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM test_effect WHERE event_id = %s", [row.event_id])
        return cursor.fetchone()[0]


HANDLER = handler(leave_effect)
KNOWN = {HANDLER.name: HANDLER}


def test_a_delivery_runs_and_is_done_with_its_effect():
    row = delivery(HANDLER)

    assert actors.run(ids=[row.pk], queue=DB, handlers=KNOWN) == 1

    row.refresh_from_db()
    assert (row.state, row.attempts, row.claim_token, row.lease_until) == (3, 1, None, None)
    assert row.done_at is not None
    assert effects_of(row) == 1


def test_a_message_that_comes_twice_has_one_effect():
    row = delivery(HANDLER)

    assert actors.run(ids=[row.pk], queue=DB, handlers=KNOWN) == 1
    assert actors.run(ids=[row.pk], queue=DB, handlers=KNOWN) == 0

    assert effects_of(row) == 1
    assert Delivery.objects.get().attempts == 1


def test_without_the_claim_the_same_two_messages_have_two_effects():
    """The twin of the test above: what it forbids does happen when nobody claims."""
    row = delivery(HANDLER)
    fact = deliveries.claim(ids=[row.pk], lease=60)[0].fact

    for _message in range(2):
        HANDLER.function(fact, None)

    assert effects_of(row) == 2


def test_while_one_worker_runs_another_gets_nothing():
    row = delivery(HANDLER)
    deliveries.claim(ids=[row.pk], lease=60)

    assert elsewhere(lambda: actors.run(ids=[row.pk], queue=DB, handlers=KNOWN)) == 0

    assert effects_of(row) == 0


def test_a_zombie_that_outlived_its_lease_is_fenced_and_its_effect_rolls_back():
    row = delivery(HANDLER)

    def slow(fact, context):
        leave_effect(fact, context)
        elsewhere(lambda: age(61))
        assert elsewhere(deliveries.sweep) == [(row.pk, HANDLER.name, 2)]
        assert elsewhere(lambda: actors.run(ids=[row.pk], queue=DB, handlers=KNOWN)) == 1

    assert actors.run(ids=[row.pk], queue=DB, handlers={HANDLER.name: handler(slow)}) == 0

    assert effects_of(row) == 1
    assert Delivery.objects.get().state == 3


def test_without_the_fence_the_zombie_doubles_the_effect():
    """The twin of the test above."""
    row = delivery(HANDLER)
    zombie = deliveries.claim(ids=[row.pk], lease=60)[0]
    age(61)
    deliveries.sweep()
    actors.run(ids=[row.pk], queue=DB, handlers=KNOWN)

    with transaction.atomic():
        leave_effect(zombie.fact, None)

    assert effects_of(row) == 2
    with pytest.raises(deliveries.Fenced), transaction.atomic():
        deliveries.done(claim=zombie)


def test_a_zombie_cannot_write_a_failure_over_somebody_elses_success():
    row = delivery(HANDLER)
    zombie = deliveries.claim(ids=[row.pk], lease=60)[0]
    age(61)
    deliveries.sweep()
    actors.run(ids=[row.pk], queue=DB, handlers=KNOWN)
    failures = DeliveryAttempt.objects.count()

    assert not deliveries.fail(claim=zombie, error="late", wait=None, started_at=row.created_at, ms=1)
    assert not deliveries.release(claim=zombie)

    assert Delivery.objects.get().state == 3
    assert DeliveryAttempt.objects.count() == failures


def test_a_handler_this_worker_does_not_know_is_left_to_a_newer_one():
    row = delivery(HANDLER)

    assert actors.run(ids=[row.pk], queue=DB, handlers={}) == 0

    row.refresh_from_db()
    assert (row.state, row.attempts, row.claim_token) == (0, 0, None)
    assert (row.available_at - row.created_at).total_seconds() > 29


def test_a_version_above_what_this_worker_knows_is_left_to_a_newer_one():
    row = delivery(HANDLER)
    OutboxEvent.objects.update(version=2)

    assert actors.run(ids=[row.pk], queue=DB, handlers=KNOWN) == 0

    row.refresh_from_db()
    assert (row.state, row.attempts) == (0, 0)
    assert effects_of(row) == 0


def test_lost_leases_lead_to_quarantine_and_then_to_death():
    row = delivery(HANDLER)
    seen = []
    for _worker in range(5):
        deliveries.claim(ids=[row.pk], lease=60)
        age(61)
        deliveries.sweep()
        row.refresh_from_db()
        seen.append((row.queue, row.state, row.lost_leases, row.attempts))

    assert seen == [
        ("db", 2, 1, 0),
        ("quarantine", 2, 2, 0),
        ("quarantine", 2, 3, 0),
        ("quarantine", 2, 4, 0),
        ("quarantine", 4, 5, 0),
    ]
    assert DeliveryAttempt.objects.filter(error="lease expired: worker lost").count() == 5


def test_of_an_ordered_pair_the_later_waits_for_the_earlier():
    ordered = handler(leave_effect, ordered=True)
    first, second = delivery(ordered, order_id=7), delivery(ordered, order_id=7)
    other = delivery(ordered, order_id=8)
    known = {ordered.name: ordered}

    assert actors.run(ids=[second.pk], queue=DB, handlers=known) == 0
    assert actors.run(ids=[other.pk], queue=DB, handlers=known) == 1
    assert actors.run(ids=[first.pk], queue=DB, handlers=known) == 1
    assert actors.run(ids=[second.pk], queue=DB, handlers=known) == 1


def test_a_dead_delivery_blocks_its_key_and_no_other():
    ordered = handler(leave_effect, ordered=True)
    first, second = delivery(ordered, order_id=7), delivery(ordered, order_id=7)
    other = delivery(ordered, order_id=8)
    Delivery.objects.filter(pk=first.pk).update(state=4)

    assert actors.run(ids=[second.pk, other.pk], queue=DB, handlers={ordered.name: ordered}) == 1

    assert effects_of(second) == 0
    assert effects_of(other) == 1


def test_the_facts_of_a_handler_carry_their_cause():
    row = delivery(HANDLER)
    from_event = OutboxEvent.objects.get()

    def record_more(_fact, _context):
        paid_fact(order_id=2)

    actors.run(ids=[row.pk], queue=DB, handlers={HANDLER.name: handler(record_more)})

    caused = OutboxEvent.objects.exclude(pk=from_event.pk).get()
    assert caused.causation_id == from_event.event_id
    assert caused.correlation_id == from_event.correlation_id
    assert caused.actor == "worker:test.handler"


def forget(row: Delivery) -> Delivery:
    """What retention does after a month, and a replay later."""
    event = row.event
    row.delete()
    return Delivery.objects.create(event=event, handler=HANDLER.name, queue="db")


def test_an_effect_that_may_happen_only_once_is_not_repeated_when_its_delivery_was_forgotten():
    once = handler(leave_effect, once=True)
    row = delivery(once)
    assert actors.run(ids=[row.pk], queue=DB, handlers={once.name: once}) == 1

    again = forget(row)
    assert actors.run(ids=[again.pk], queue=DB, handlers={once.name: once}) == 1

    again.refresh_from_db()
    assert (again.state, effects_of(again)) == (3, 1)


def test_without_the_mark_the_replay_repeats_it():
    row = delivery(HANDLER)
    actors.run(ids=[row.pk], queue=DB, handlers=KNOWN)

    again = forget(row)
    actors.run(ids=[again.pk], queue=DB, handlers=KNOWN)

    assert effects_of(again) == 2


def test_a_mark_whose_effect_failed_is_not_left_behind():
    def half(fact, context):
        leave_effect(fact, context)
        raise RuntimeError("no")

    failing = handler(half, once=True)
    row = delivery(failing)
    actors.run(ids=[row.pk], queue=DB, handlers={failing.name: failing})
    assert (HandledEvent.objects.count(), effects_of(row)) == (0, 0)

    working = handler(leave_effect, once=True)
    actors.run(ids=[row.pk], queue=DB, handlers={working.name: working})
    assert (HandledEvent.objects.count(), effects_of(row)) == (1, 1)


def test_a_connection_that_died_in_its_sleep_costs_no_claim():
    row = delivery(HANDLER)
    kill_our_connection()

    assert actors.run(ids=[row.pk], queue=DB, handlers=KNOWN) == 1


def test_a_claim_within_a_transaction_never_begins_anew():
    row = delivery(HANDLER)

    with pytest.raises(OperationalError), transaction.atomic():
        kill_our_connection()
        deliveries.claim(ids=[row.pk], lease=60)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (0, 0)


def kill_our_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    elsewhere(lambda: _kill(pid))


def _kill(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])


def test_only_the_claim_may_be_forgotten_in_a_crash_never_an_effect():
    row = delivery(HANDLER)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")  # as in production; a throw-away server has it off
        cursor.execute(
            """CREATE OR REPLACE FUNCTION test_tell() RETURNS trigger LANGUAGE plpgsql AS $$
               BEGIN NEW.last_error = current_setting('synchronous_commit'); RETURN NEW; END $$;
               CREATE TRIGGER test_tell BEFORE UPDATE ON workers_delivery
               FOR EACH ROW EXECUTE FUNCTION test_tell()"""
        )
    try:
        (claim,) = deliveries.claim(ids=[row.pk], lease=60)
        claimed = Delivery.objects.get().last_error
        deliveries.done(claim=claim)
        done = Delivery.objects.get().last_error
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION test_tell CASCADE")
            cursor.execute("RESET synchronous_commit")

    assert (claimed, done) == ("off", "on")
