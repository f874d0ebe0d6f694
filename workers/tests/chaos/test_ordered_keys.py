"""Two relays, three workers, keys in order: whatever fails on the way, nobody overtakes."""

import random

import pytest

from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.world import World, until

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
