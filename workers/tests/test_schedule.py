from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from commerce.events import types
from commerce.events.models import OutboxEvent
from workers import schedule
from workers.models import Schedule
from workers.schedule import Job, next_slot
from workers.tests.factories import elsewhere

NOW = datetime(2026, 11, 24, 9, 30, 20, tzinfo=UTC)
JOBS = {types.UnpaidOrdersDue.name: Job(types.UnpaidOrdersDue, "every 60 s")}
committed = pytest.mark.usefixtures("committed")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spec", "tz", "after", "slot"),
    [
        ("every 60 s", "Asia/Seoul", NOW, utc(2026, 11, 24, 9, 31)),
        ("every 300 s", "Asia/Seoul", utc(2026, 11, 24, 9, 35), utc(2026, 11, 24, 9, 40)),
        ("daily 04:10", "Asia/Seoul", NOW, utc(2026, 11, 24, 19, 10)),
        ("daily 04:10", "Asia/Seoul", utc(2026, 11, 24, 19, 10), utc(2026, 11, 25, 19, 10)),
        # Berlin, 29 March 2026: 02:30 does not exist, it fires when the clocks have jumped
        ("daily 02:30", "Europe/Berlin", utc(2026, 3, 28, 12), utc(2026, 3, 29, 1, 30)),
        ("daily 02:30", "Europe/Berlin", utc(2026, 3, 29, 1, 30), utc(2026, 3, 30, 0, 30)),
        # Berlin, 25 October 2026: 02:30 comes twice, it fires the first time only
        ("daily 02:30", "Europe/Berlin", utc(2026, 10, 24, 12), utc(2026, 10, 25, 0, 30)),
        ("daily 02:30", "Europe/Berlin", utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)),
    ],
)
def test_next_slot(spec, tz, after, slot):
    assert next_slot(spec=spec, tz=tz, after=after) == slot


def test_a_spec_nobody_understands_is_refused():
    with pytest.raises(ValueError, match="whenever"):
        next_slot(spec="whenever", tz="Asia/Seoul", after=NOW)


@committed
def test_a_due_slot_is_recorded_once_and_moves_on():
    schedule.synchronise(now=NOW, jobs=JOBS)

    assert schedule.fire_due(now=NOW, jobs=JOBS) == 0
    later = NOW + timedelta(seconds=45)
    assert schedule.fire_due(now=later, jobs=JOBS) == 1
    assert schedule.fire_due(now=later, jobs=JOBS) == 0

    event = OutboxEvent.objects.get()
    assert (event.type, event.payload) == ("schedule.unpaid_orders", {"slot": "2026-11-24T09:31:00+00:00"})
    row = Schedule.objects.get()
    assert (row.last_slot, row.next_at) == (utc(2026, 11, 24, 9, 31), utc(2026, 11, 24, 9, 32))


@committed
def test_after_an_outage_a_job_runs_once():
    schedule.synchronise(now=NOW, jobs=JOBS)

    assert schedule.fire_due(now=NOW + timedelta(hours=5), jobs=JOBS) == 1
    assert schedule.fire_due(now=NOW + timedelta(hours=5), jobs=JOBS) == 0

    assert OutboxEvent.objects.count() == 1


@committed
def test_of_two_relays_one_fires():
    schedule.synchronise(now=NOW, jobs=JOBS)
    later = NOW + timedelta(minutes=1)
    with transaction.atomic():
        assert schedule.fire_due(now=later, jobs=JOBS) == 1

        assert elsewhere(lambda: schedule.fire_due(now=later, jobs=JOBS)) == 0

    assert elsewhere(lambda: schedule.fire_due(now=later, jobs=JOBS)) == 0
    assert OutboxEvent.objects.count() == 1


@committed
def test_a_slot_that_was_fired_before_its_row_was_made_anew_is_not_fired_again():
    schedule.synchronise(now=NOW, jobs=JOBS)
    schedule.fire_due(now=NOW + timedelta(minutes=1), jobs=JOBS)
    Schedule.objects.update(next_at=utc(2026, 11, 24, 9, 31), last_slot=None)

    assert schedule.fire_due(now=NOW + timedelta(minutes=1), jobs=JOBS) == 0

    assert OutboxEvent.objects.count() == 1
    assert Schedule.objects.get().next_at == utc(2026, 11, 24, 9, 32)


@committed
def test_a_missed_slot_survives_the_restart_of_a_relay():
    schedule.synchronise(now=NOW, jobs=JOBS)
    schedule.synchronise(now=NOW + timedelta(hours=1), jobs=JOBS)

    assert schedule.fire_due(now=NOW + timedelta(hours=1), jobs=JOBS) == 1

    assert OutboxEvent.objects.get().payload == {"slot": "2026-11-24T09:31:00+00:00"}


@committed
def test_a_changed_spec_begins_anew_and_rows_of_a_newer_relay_stay():
    schedule.synchronise(now=NOW, jobs=JOBS)
    newer = Schedule.objects.create(name="schedule.newer", spec="every 5 s", tz="Asia/Seoul", next_at=NOW)
    slower = {types.UnpaidOrdersDue.name: Job(types.UnpaidOrdersDue, "every 300 s")}

    schedule.synchronise(now=NOW, jobs=slower)

    assert Schedule.objects.get(name=types.UnpaidOrdersDue.name).next_at == utc(2026, 11, 24, 9, 35)
    assert Schedule.objects.filter(pk=newer.pk).exists()


@committed
def test_a_disabled_job_does_not_fire():
    schedule.synchronise(now=NOW, jobs=JOBS)
    Schedule.objects.update(enabled=False)

    assert schedule.fire_due(now=NOW + timedelta(hours=1), jobs=JOBS) == 0

    assert not connection.in_atomic_block
    assert OutboxEvent.objects.count() == 0


@committed
@pytest.mark.parametrize(
    ("spec", "tz"),
    [("monthly 1 04:00", "Asia/Seoul"), ("daily 25:00", "Asia/Seoul"), ("every 0 s", "Asia/Seoul")]
    + [("daily 04:00", "Mars/Olympus")],
)
def test_a_row_that_only_a_newer_relay_understands_is_said_once_and_the_others_fire(caplog, spec, tz):
    jobs = JOBS | {types.RetentionDue.name: Job(types.RetentionDue, "every 60 s")}
    schedule.synchronise(now=NOW, jobs=jobs)
    newer = Schedule.objects.filter(name=types.RetentionDue.name)
    newer.update(spec=spec, tz=tz, next_at=NOW)

    fired = [schedule.fire_due(now=NOW + timedelta(minutes=n), jobs=jobs) for n in (1, 2)]

    assert fired == [1, 1]
    assert set(OutboxEvent.objects.values_list("type", flat=True)) == {types.UnpaidOrdersDue.name}
    assert newer.values("spec", "tz", "next_at", "last_slot").get() == {
        "spec": spec, "tz": tz, "next_at": NOW, "last_slot": None,
    }  # fmt: skip
    assert [f"{spec}, {tz}" in line for line in caplog.messages].count(True) == 1


@committed
def test_an_older_shop_that_comes_back_makes_the_row_its_own_again():
    schedule.synchronise(now=NOW, jobs=JOBS)
    Schedule.objects.update(spec="monthly 1 04:00")

    schedule.synchronise(now=NOW, jobs=JOBS)

    assert schedule.fire_due(now=NOW + timedelta(minutes=1), jobs=JOBS) == 1
