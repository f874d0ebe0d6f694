"""Rare things are counted where they happen, exactly, and never at the price of a failure."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from workers import actors, counters, deliveries, relay
from workers.jobs import QUEUES
from workers.models import Delivery
from workers.tests.factories import age, delivery, elsewhere, handler

pytestmark = pytest.mark.usefixtures("committed")


def test_a_message_that_comes_twice_is_counted_and_runs_once():
    ran: list[int] = []
    work = handler(lambda fact, _context: ran.append(fact.pk))
    row = delivery(work)

    for _message in range(3):
        actors.run(ids=[row.pk], queue=QUEUES["db"], handlers={work.name: work})

    assert (len(ran), counters.read(name=counters.DUPLICATES)) == (1, {"db": 2})


def test_a_handler_that_lost_its_lease_is_counted_once():
    def outlive(_fact, _context) -> None:
        elsewhere(lambda: (age(120), deliveries.sweep()))

    work = handler(outlive)
    row = delivery(work)

    assert actors.run(ids=[row.pk], queue=QUEUES["db"], handlers={work.name: work}) == 0

    assert counters.read(name=counters.FENCED) == {"test.handler": 1}
    assert Delivery.objects.get().lost_leases == 1


def test_a_vanished_worker_is_counted_by_the_relay():
    row = delivery(handler(lambda _fact, _context: None))
    deliveries.claim(ids=[row.pk], lease=60)
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    relay._report(deliveries.sweep())

    assert counters.read(name=counters.LOST) == {"test.handler": 1}


def test_counting_from_many_sides_loses_nothing():
    for _times in range(5):
        elsewhere(lambda: counters.add(name=counters.LOST, label="x", number=2))

    assert counters.read(name=counters.LOST) == {"x": 10}


def test_a_count_that_fails_harms_nobody(monkeypatch):
    def refuse(*_args, **_options):
        raise DatabaseError("no")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", refuse)
        counters.add(name=counters.LOST)

    assert counters.read(name=counters.LOST) == {}
