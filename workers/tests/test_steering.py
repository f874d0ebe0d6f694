"""What a person does to deliveries: the exact effect, and nothing at all when the delivery moved on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commerce.events import types
from workers import deliveries, replay, steering
from workers.models import Delivery, State, SteeringAct
from workers.tests.factories import NOW, delivery, elsewhere, handler

pytestmark = pytest.mark.usefixtures("committed")
OLD = handler(lambda _fact, _context: None, name="test.old")
NEW = handler(lambda _fact, _context: None, name="test.new", queue="io")
KNOWN = {OLD.name: OLD, NEW.name: NEW}
ALWAYS = replay.Period(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1))
LATER = timezone.now() + timedelta(hours=6)


def a_delivery(state: State, order_id: int = 1, **fields) -> Delivery:
    row = delivery(OLD, order_id=order_id)
    Delivery.objects.filter(pk=row.pk).update(state=state, **{"attempts": 5, "lost_leases": 2, **fields})
    row.refresh_from_db()
    return row


def states() -> list:
    return list(Delivery.objects.order_by("pk").values_list("handler", "state", "attempts", "lost_leases"))


def acts() -> list:
    rows = SteeringAct.objects.order_by("pk")
    return list(rows.values_list("actor", "act", "handler", "delivery", "count", "old_state"))


@pytest.mark.parametrize(
    ("act", "state"),
    [("retry", State.DEAD), ("retry", State.CANCELLED), ("again", State.DONE)],
)
def test_what_had_ended_begins_anew_in_its_own_queue(act, state):
    row = a_delivery(
        state, queue="quarantine", dispatches=3, done_at=NOW, available_at=LATER, last_error="broken"
    )

    after, old = steering.steer(act=act, delivery_id=row.pk, by="user:7", handlers=KNOWN)

    assert (after.state, after.attempts, after.lost_leases, after.dispatches) == (0, 0, 0, 0)
    assert (after.queue, after.done_at, after.last_error, old) == ("db", None, "", state)
    assert after.available_at <= timezone.now()
    assert acts() == [("user:7", act, "test.old", row.pk, 1, state)]


def test_one_that_waits_is_due_at_once_and_keeps_its_count_of_tries():
    row = a_delivery(State.RETRY, queue="quarantine", dispatches=3, available_at=LATER, last_error="broken")

    after, _old = steering.steer(act="retry", delivery_id=row.pk, by="user:7", handlers=KNOWN)

    assert (after.state, after.attempts, after.dispatches, after.queue) == (2, 5, 0, "quarantine")
    assert after.available_at <= timezone.now()


@pytest.mark.parametrize("state", [State.DEAD, State.PENDING, State.RETRY])
def test_what_waits_or_is_dead_can_be_given_up(state):
    row = a_delivery(state)

    after, _old = steering.steer(act="cancel", delivery_id=row.pk, by="user:7", handlers=KNOWN)

    assert (after.state, after.claim_token, after.attempts) == (State.CANCELLED, None, 5)
    assert after.done_at is not None
    assert deliveries.claim(ids=[row.pk], lease=60) == []
    assert acts() == [("user:7", "cancel", "test.old", row.pk, 1, state)]


@pytest.mark.parametrize(
    ("act", "refused"),
    [
        ("retry", [State.PENDING, State.RUNNING, State.DONE]),
        ("again", [State.PENDING, State.RUNNING, State.RETRY, State.DEAD, State.CANCELLED]),
        ("cancel", [State.RUNNING, State.DONE, State.CANCELLED]),
    ],
)
def test_a_delivery_that_moved_on_is_left_alone(act, refused):
    for state in refused:
        row = a_delivery(state, order_id=int(state))
        before = Delivery.objects.values().get(pk=row.pk)

        with pytest.raises(steering.MovedOn) as told:
            steering.steer(act=act, delivery_id=row.pk, by="user:7", handlers=KNOWN)

        assert told.value.state == state
        assert Delivery.objects.values().get(pk=row.pk) == before
    assert acts() == []


def test_a_delivery_that_is_gone_is_refused():
    with pytest.raises(steering.MovedOn, match="gone"):
        steering.steer(act="retry", delivery_id=1, by="user:7", handlers=KNOWN)


def test_of_two_who_press_run_again_only_the_first_starts_it():
    row = a_delivery(State.DONE)
    steering.steer(act="again", delivery_id=row.pk, by="user:7", handlers=KNOWN)
    [claim] = deliveries.claim(ids=[row.pk], lease=60)

    with pytest.raises(steering.MovedOn):
        elsewhere(lambda: steering.steer(act="again", delivery_id=row.pk, by="user:8", handlers=KNOWN))

    deliveries.done(claim=claim)
    assert acts() == [("user:7", "again", "test.old", row.pk, 1, State.DONE)]


def test_twin_without_the_look_at_the_state_the_second_takes_the_claim_away(monkeypatch):
    monkeypatch.setitem(steering.FROM, "again", tuple(State))
    row = a_delivery(State.DONE)
    steering.steer(act="again", delivery_id=row.pk, by="user:7", handlers=KNOWN)
    [claim] = deliveries.claim(ids=[row.pk], lease=60)

    steering.steer(act="again", delivery_id=row.pk, by="user:8", handlers=KNOWN)

    with pytest.raises(deliveries.Fenced):
        deliveries.done(claim=claim)
    assert len(deliveries.claim(ids=[row.pk], lease=60)) == 1  # and it runs a second time


def test_all_dead_of_a_handler_begin_anew_and_the_others_stay():
    for number, state in enumerate((4, 3, 2)):
        a_delivery(State(state), order_id=number)

    assert steering.count_dead(handler=None) == 1
    assert steering.retry_dead(handler="test.new", by="user:7").count == 0
    swept = steering.retry_dead(
        handler="test.old", by="user:7", types=[types.OrderPaid.name], period=ALWAYS, handlers=KNOWN
    )

    assert (swept.count, swept.left) == (1, 0)
    assert states() == [("test.old", 0, 0, 0), ("test.old", 3, 5, 2), ("test.old", 2, 5, 2)]
    assert acts() == [("user:7", "retry_dead", "test.old", None, 1, State.DEAD)]


def test_a_revived_suspect_leaves_quarantine():
    row = a_delivery(State.DEAD, queue="quarantine")

    steering.retry_dead(handler=None, by="command", handlers=KNOWN)

    row.refresh_from_db()
    assert row.queue == "db"


def test_one_click_touches_a_bounded_number_in_slices(monkeypatch):
    monkeypatch.setattr(steering, "SLICE", 2)
    for number in range(6):
        a_delivery(State.DEAD, order_id=number)
    heard: list[int] = []

    swept = steering.retry_dead(handler="test.old", by="user:7", handlers=KNOWN, limit=5, told=heard.append)

    assert (swept.count, swept.left, heard) == (5, 1, [2, 4, 5])
    assert [state for _name, state, _tries, _lost in states()] == [0, 0, 0, 0, 0, 4]


def test_all_dead_of_a_handler_are_given_up():
    for number in range(3):
        a_delivery(State.DEAD, order_id=number)
    other = delivery(NEW, order_id=9)
    Delivery.objects.filter(pk=other.pk).update(state=State.DEAD)

    swept = steering.cancel_dead(handler="test.old", by="user:7")

    assert (swept.count, swept.left) == (3, 0)
    assert [state for _name, state, _tries, _lost in states()] == [5, 5, 5, 4]
    assert acts() == [("user:7", "cancel_dead", "test.old", None, 3, State.DEAD)]
