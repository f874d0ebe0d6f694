"""Clocks that jump forward and come back: nothing fires twice, nothing stands still."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from commerce.events import outbox, types
from commerce.events.models import OutboxEvent
from workers import deliveries, dispatch, healing, schedule
from workers.models import Delivery, RelayState, Schedule
from workers.relay import Relay
from workers.schedule import Job
from workers.tests.factories import NOW, delivery, handler

pytestmark = pytest.mark.usefixtures("committed")
MINUTELY = {types.UnpaidOrdersDue.name: Job(types.UnpaidOrdersDue, "every 60 s")}
DAILY = {types.RetentionDue.name: Job(types.RetentionDue, "daily 04:40")}
HANDLER = handler(lambda _fact, _context: None)


def slots() -> list[str]:
    return list(OutboxEvent.objects.order_by("pk").values_list("payload__slot", flat=True))


@pytest.mark.parametrize("jobs", [MINUTELY, DAILY])
@pytest.mark.parametrize("ahead", [timedelta(minutes=3), timedelta(hours=6), timedelta(days=400)])
def test_a_clock_that_ran_ahead_and_came_back_fires_each_slot_once_and_goes_on(jobs, ahead: timedelta):
    schedule.synchronise(now=NOW, jobs=jobs)
    schedule.fire_due(now=NOW + ahead, jobs=jobs)

    step, turns = (timedelta(seconds=20), 60) if jobs is MINUTELY else (timedelta(hours=1), 24 * 5)
    for turn in range(turns):
        schedule.fire_due(now=NOW + step * turn, jobs=jobs)

    first, between, count = (
        (NOW + timedelta(minutes=1), timedelta(minutes=1), 19)
        if jobs is MINUTELY
        else (NOW.replace(hour=19, minute=40), timedelta(days=1), 5)
    )
    assert slots() == [(first + between * n).isoformat() for n in range(count)]


def test_without_healing_the_schedule_stands_still_until_the_wrong_time_comes(monkeypatch):
    """The twin of the test above."""
    monkeypatch.setattr(schedule, "_furthest", lambda row, *, now: row.next_at)
    schedule.synchronise(now=NOW, jobs=MINUTELY)
    schedule.fire_due(now=NOW + timedelta(hours=6), jobs=MINUTELY)

    for turn in range(60):
        schedule.fire_due(now=NOW + timedelta(seconds=20) * turn, jobs=MINUTELY)

    assert len(slots()) == 1


def test_relays_whose_clocks_differ_by_less_than_a_slot_do_not_argue():
    schedule.synchronise(now=NOW, jobs=MINUTELY)
    fast = NOW + timedelta(seconds=59)
    for turn in range(30):
        schedule.fire_due(now=fast + timedelta(seconds=10) * turn, jobs=MINUTELY)
        next_at = Schedule.objects.get().next_at
        schedule.fire_due(now=NOW + timedelta(seconds=10) * turn, jobs=MINUTELY)
        assert Schedule.objects.get().next_at == next_at

    assert len(slots()) == len(set(slots()))


def test_of_many_relays_at_the_same_moment_one_fires():
    schedule.synchronise(now=NOW, jobs=MINUTELY)
    later = NOW + timedelta(minutes=1)

    fired = _at_once(8, lambda meet: (meet(), schedule.fire_due(now=later, jobs=MINUTELY))[1])

    assert sum(fired) == 1
    assert len(slots()) == 1


def test_schedulers_that_look_before_they_lock_fire_twice():
    """The twin of the test above: each saw the slot due, none looked again, and no slot has an id."""
    schedule.synchronise(now=NOW, jobs=MINUTELY)

    def naive(meet) -> None:
        row = Schedule.objects.get(next_at__lte=NOW + timedelta(minutes=1))
        meet()
        with transaction.atomic():
            outbox.record(types.UnpaidOrdersDue(slot=row.next_at.isoformat(), occurred_at=NOW))

    _at_once(3, naive)

    assert len(slots()) == 3


def test_a_due_time_of_a_clock_that_has_gone_back_is_due_now():
    row = delivery(HANDLER)
    _shift(row, hours=3)

    assert healing.heal() == (1, 0)

    assert dispatch.take_due(queue="db", room=9) == [row.pk]


def test_without_healing_it_waits_as_long_as_the_clock_was_wrong():
    """The twin of the test above."""
    row = delivery(HANDLER)
    _shift(row, hours=3)

    assert dispatch.take_due(queue="db", room=9) == []


@pytest.mark.parametrize(
    ("columns", "healed"),
    [
        ({"state": 2, "wait": timedelta(hours=24)}, 0),  # somebody asked us to come back tomorrow
        ({"state": 2, "wait": timedelta(hours=25)}, 1),
        ({"state": 0, "dispatches": 1, "wait": timedelta(seconds=120)}, 0),
        ({"state": 0, "dispatches": 1, "wait": timedelta(seconds=240)}, 1),
        ({"state": 2, "dispatches": 9, "wait": timedelta(hours=6)}, 0),
        ({"state": 2, "dispatches": 9, "wait": timedelta(hours=7)}, 1),
        ({"state": 4, "wait": timedelta(days=9)}, 0),
    ],
)
def test_only_a_wait_that_no_step_may_set_is_mended(columns: dict, healed: int):
    delivery(HANDLER)
    wait = columns.pop("wait")
    due = timezone.now() + wait
    Delivery.objects.update(available_at=due, **columns)

    assert healing.heal() == (healed, 0)

    assert (Delivery.objects.get().available_at == due) is not bool(healed)


def test_a_lease_of_a_clock_that_has_gone_back_ends_after_a_lease():
    row = delivery(HANDLER)
    (claim,) = deliveries.claim(ids=[row.pk], lease=60)
    assert healing.heal() == (0, 0)
    Delivery.objects.update(lease_until=F("lease_until") + timedelta(hours=3))

    assert healing.heal() == (0, 1)

    row.refresh_from_db()
    assert timedelta(seconds=50) < row.lease_until - timezone.now() <= timedelta(seconds=60)
    deliveries.done(claim=claim)  # its owner may be alive: it still is the owner


def test_a_heartbeat_of_a_clock_that_has_gone_back_does_not_hide_a_dead_relay(valkey):
    ahead = timezone.now() + timedelta(hours=3)
    RelayState.objects.create(id=1, heartbeat_at=ahead)

    Relay(client=valkey, enqueue=lambda _queue, _ids: None, routes={}).turn()

    assert RelayState.objects.get().heartbeat_at < ahead


def _shift(row: Delivery, *, hours: int) -> None:
    """Let the clock go back: what it wrote lies ahead now."""
    ahead = timedelta(hours=hours)
    Delivery.objects.filter(pk=row.pk).update(
        created_at=F("created_at") + ahead, available_at=F("available_at") + ahead
    )


def _at_once(count: int, work) -> list:
    """Run `work` in so many threads; each may meet the others in it."""
    barrier, results = threading.Barrier(count), []

    def run() -> None:
        try:
            results.append(work(lambda: barrier.wait(timeout=20)))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(results) == count
    return results
