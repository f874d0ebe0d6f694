"""Relays that die between PostgreSQL and Redis."""

import pytest

from workers.models import Delivery
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.world import World, until
from workers.tests.factories import age


@pytest.mark.parametrize("moment", ["dispatched", "enqueued"])
def test_what_a_killed_relay_had_in_its_hands_is_sent_by_the_next(world: World, moment: str):
    world.points.arm(moment, "kill")
    world.emit(1)
    relay = world.relay()
    until(lambda: relay.code is not None)
    assert Delivery.objects.get().dispatches == 1

    age(60)  # more than the visibility timeout passes
    world.relay()
    world.worker()

    assert world.settle() == Verdict()


def test_a_row_that_is_marked_as_sent_for_good_stays_undone(world: World):
    """The twin of the test above: without the visibility timeout nobody sends it again."""
    world.points.arm("dispatched", "kill")
    world.emit(1)
    relay = world.relay(CHAOS_WITHOUT="visibility")
    until(lambda: relay.code is not None)

    age(60)
    world.relay(CHAOS_WITHOUT="visibility")
    world.worker()
    world.emit(2)
    until(lambda: Delivery.objects.filter(state=3).exists())

    assert world.verdict() == Verdict(open={(1, "chaos.db")})


def test_a_batch_of_which_half_was_sent_loses_nothing_and_repeats_nothing(world: World):
    for n in range(10):
        world.emit(n)
    world.points.arm("dispatched", "wait")
    relay = world.relay()
    until(lambda: world.points.hit("dispatched"))
    world.points.arm("enqueued", "kill")  # the first of ten messages goes, then the relay dies
    world.points.go("dispatched")
    until(lambda: relay.code is not None)

    world.worker()
    until(lambda: Delivery.objects.filter(state=3).count() == 1)
    age(60)
    world.relay()

    assert world.settle() == Verdict()
    assert Delivery.objects.filter(state=3).count() == 10


def test_the_second_relay_goes_on_when_the_first_is_killed_in_its_fan_out(world: World):
    world.points.arm("fanned out", "kill")  # the statement ran, its transaction did not commit
    world.emit(1)
    first = world.relay()
    until(lambda: first.code is not None)
    assert Delivery.objects.count() == 0

    world.relay()
    world.worker()

    assert world.settle() == Verdict()
