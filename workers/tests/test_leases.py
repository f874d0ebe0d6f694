"""A handler keeps its delivery as long as it may run, and not longer."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from dramatiq.middleware import TimeLimitExceeded
from dramatiq.threading import raise_thread_exception

from workers import actors, deliveries
from workers.jobs import Queue
from workers.leases import Keeper
from workers.models import Delivery, DeliveryAttempt
from workers.tests.factories import delivery, handler

pytestmark = pytest.mark.usefixtures("committed")
SHORT = Queue(name="db", limit=60, lease=2)  # seconds


def nothing(_fact, _context) -> None:
    pass


def claimed(lease: int):
    row = delivery(handler(nothing))
    (claim,) = deliveries.claim(ids=[row.pk], lease=lease)
    return row, claim


def until(condition, *, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)


def test_a_renewed_claim_is_not_swept_and_an_unwatched_one_is():
    row, claim = claimed(lease=2)
    other, _left_alone = claimed(lease=2)

    with Keeper(pause=0.1).watching(claim=claim, lease=2, timeout=60):
        until(lambda: deliveries.sweep() == [(other.pk, "test.handler", 2)])

    row.refresh_from_db()
    assert (row.state, row.claim_token, row.lost_leases) == (1, claim.token, 0)
    assert row.lease_until > row.claimed_at + timedelta(seconds=2)


def test_only_its_owner_renews_a_claim():
    row, claim = claimed(lease=60)
    Delivery.objects.filter(pk=row.pk).update(state=3, claim_token=None, lease_until=None)

    assert deliveries.renew(claims=[claim], lease=60) == 0
    row.refresh_from_db()
    assert row.lease_until is None


def test_a_handler_that_exceeds_its_time_is_interrupted_and_tried_again():
    def stuck(_fact, _context) -> None:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            time.sleep(0.02)

    slow = handler(stuck, kind="external", timeout=1, max_attempts=3)
    row = delivery(slow)

    assert actors.run(ids=[row.pk], queue=SHORT, handlers={slow.name: slow}) == 0

    row.refresh_from_db()
    assert (row.state, row.attempts, row.lost_leases) == (2, 1, 0)
    assert "TimeLimitExceeded" in DeliveryAttempt.objects.get(delivery=row).error


def test_a_handler_longer_than_its_lease_ends_well_because_the_lease_follows_it():
    def long(_fact, _context) -> None:
        ends = time.monotonic() + 3.5
        while time.monotonic() < ends:
            time.sleep(0.05)
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")

    patient = handler(long, kind="external", timeout=30)
    row = delivery(patient)
    swept, over = [], threading.Event()

    def sweep() -> None:
        while not over.wait(0.1):
            swept.extend(deliveries.sweep())
        connection.close()

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        assert actors.run(ids=[row.pk], queue=SHORT, handlers={patient.name: patient}) == 1
    finally:
        over.set()
        sweeper.join()

    row.refresh_from_db()
    assert (row.state, swept) == (3, [])


def test_without_renewal_the_same_handler_loses_its_delivery(monkeypatch):
    monkeypatch.setattr(actors, "_keeper", Keeper(renew=lambda _claims, _lease: 0))

    def long(fact, _context) -> None:
        until(lambda: deliveries.sweep() != [])

    patient = handler(long, kind="external", timeout=30)
    row = delivery(patient)

    assert actors.run(ids=[row.pk], queue=SHORT, handlers={patient.name: patient}) == 0
    row.refresh_from_db()
    assert (row.state, row.lost_leases) == (2, 1)


def test_a_block_that_ended_is_never_interrupted_later():
    _row, claim = claimed(lease=60)
    keeper = Keeper(pause=0.05)
    with keeper.watching(claim=claim, lease=60, timeout=0.2):
        pass
    time.sleep(0.6)  # nothing may arrive in this thread

    with pytest.raises(TimeLimitExceeded), keeper.watching(claim=claim, lease=60, timeout=0.2):
        until(lambda: False, seconds=20)


def test_a_process_leaves_when_a_handler_outlived_its_lease_and_cannot_be_interrupted():
    _row, claim = claimed(lease=60)
    left = threading.Event()
    keeper = Keeper(pause=0.05, leave=left.set)

    with pytest.raises(TimeLimitExceeded), keeper.watching(claim=claim, lease=0, timeout=0.2):
        time.sleep(1.5)  # one call into C

    assert left.is_set()


def test_a_process_stays_when_a_handler_can_be_interrupted():
    _row, claim = claimed(lease=60)
    left = threading.Event()
    keeper = Keeper(pause=0.05, leave=left.set)

    with pytest.raises(TimeLimitExceeded), keeper.watching(claim=claim, lease=30, timeout=0.2):
        until(lambda: False, seconds=20)

    assert not left.is_set()


def test_the_time_of_a_try_can_be_read_from_its_delivery():
    row = delivery(handler(nothing))
    before = timezone.now() - timedelta(seconds=1)

    actors.run(ids=[row.pk], queue=SHORT, handlers={"test.handler": handler(nothing)})

    row.refresh_from_db()
    assert before < row.claimed_at <= row.done_at


class _AsBefore:
    """A lock that is taken in Python, as a Condition's own `with` takes it."""

    def __init__(self, lock) -> None:
        self._taken = lock

    def __enter__(self) -> None:
        self._taken.__enter__()

    def __exit__(self, *end) -> None:
        self._taken.__exit__(*end)


def _interrupted_at_the_door(keeper: Keeper) -> tuple[list[str], bool]:
    """Interrupt a handler while it waits for the keeper's lock at its end.

    Return what became of it, and whether the lock is free afterwards.
    """
    keeper._thread = threading.current_thread()  # we are the keeper
    began, may_end, seen = threading.Event(), threading.Event(), []

    def work() -> None:
        try:
            with keeper.watching(claim=None, lease=60, timeout=60):
                began.set()
                may_end.wait()
        except TimeLimitExceeded:
            seen.append("interrupted")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    began.wait()
    with keeper._changed:
        may_end.set()
        time.sleep(0.2)  # it reaches the lock; when it does not, nothing is shown and nothing fails
        raise_thread_exception(thread.ident, TimeLimitExceeded)
    thread.join(30)
    free = keeper._changed.acquire(timeout=1)
    return seen, free and not keeper._watched


def test_a_handler_interrupted_while_it_waits_for_the_lock_does_not_keep_it():
    assert _interrupted_at_the_door(Keeper()) == (["interrupted"], True)


def test_twin_a_lock_taken_in_python_is_lost_and_with_it_every_lease_of_the_process():
    keeper = Keeper()
    keeper._lock = _AsBefore(keeper._lock)

    assert _interrupted_at_the_door(keeper) == (["interrupted"], False)
