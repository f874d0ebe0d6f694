"""Two relays, three workers, keys in order: whatever fails on the way, nobody overtakes."""

import random

import pytest
from django.db import OperationalError, connection, transaction

from workers import deliveries, dispatch, fanout
from workers.models import Delivery
from workers.tests.chaos import story
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.story import Struck
from workers.tests.chaos.world import World, until
from workers.tests.factories import elsewhere

ORDERED = ("chaos.ordered",)


def test_under_load_each_event_has_one_effect_and_keys_keep_their_order(world: World):
    world.handlers = ("chaos.db", "chaos.ordered")
    seeded = random.Random(7)
    processes = [world.relay(), world.relay(), *(world.worker() for _n in range(3))]
    for n in range(200):
        how = seeded.choices(["", "flaky", "slow"], weights=[90, 6, 4])[0]
        world.emit(n, key=f"key-{n % 7}", how=how)

    assert world.settle() == Verdict()
    assert world.verdict(ordered=ORDERED) == Verdict()
    assert [process.code for process in processes] == [None] * 5


@pytest.mark.parametrize("off", ["", "order"])
def test_an_event_waits_for_an_earlier_one_that_fails(world: World, off: str):
    """With its twin: where the order is not asked for, the later one overtakes."""
    world.handlers = ORDERED
    world.relay(CHAOS_WITHOUT=off)
    world.worker(CHAOS_WITHOUT=off)
    world.emit(1, key="a", how="flaky")
    world.emit(2, key="a")

    world.settle()

    assert world.verdict(ordered=ORDERED).overtaken == ({("a", 1, 2)} if off else set())


def test_a_dead_event_stops_its_key_and_no_other(world: World):
    world.handlers = ORDERED
    world.relay()
    world.worker()
    world.emit(1, key="a", how="permanent")
    world.emit(2, key="a")
    world.emit(3, key="b")

    until(lambda: world.verdict().open == {(2, ORDERED[0])} and world.verdict().dead)

    assert world.verdict() == Verdict(dead={(1, ORDERED[0])}, open={(2, ORDERED[0])})


@pytest.mark.parametrize("lock", ["the same", "another"])
def test_relays_take_turns_to_fan_out(world: World, monkeypatch, lock: str):
    """With its twin: with a lock each, the second relay sees the later event while the earlier one is invisible."""
    world.emit(1, key="a")
    world.emit(2, key="a")
    routes = {Struck.name: (story.ORDERED,)}
    with transaction.atomic():
        assert fanout.fan_out(routes=routes, batch=1) == 1  # not committed yet
        if lock == "another":
            monkeypatch.setattr(fanout, "_LOCK", fanout._LOCK + 1)

        elsewhere(lambda: fanout.fan_out(routes=routes))
        sent = elsewhere(lambda: dispatch.take_due(queue="db", room=9))
        claims = elsewhere(lambda: deliveries.claim(ids=sent, lease=60))

    assert [claim.fact.payload["n"] for claim in claims] == ([] if lock == "the same" else [2])


def test_relays_take_different_deliveries_without_waiting(world: World):
    for n in range(4):
        world.emit(n)
    fanout.fan_out(routes={Struck.name: (story.DB,)})
    with transaction.atomic():
        mine = dispatch.take_due(queue="db", room=2)

        theirs = elsewhere(lambda: dispatch.take_due(queue="db", room=9))

        with pytest.raises(OperationalError, match="lock timeout"):
            elsewhere(_take_without_skipping)  # the twin: who does not skip what is locked stands still

    assert len(mine) == len(theirs) == 2
    assert {*mine, *theirs} == set(Delivery.objects.values_list("pk", flat=True))


def _take_without_skipping() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '200ms'")
        cursor.execute("SELECT id FROM workers_delivery WHERE state IN (0, 2) ORDER BY id LIMIT 1 FOR UPDATE")
