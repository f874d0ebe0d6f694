"""Workers that die by kill -9 at the worst moments."""

import pytest

from workers.models import Delivery
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.world import World, until
from workers.tests.factories import age


@pytest.mark.parametrize("moment", ["begin", "effect", "unacknowledged"])
def test_a_database_effect_happens_once_wherever_its_worker_dies(world: World, moment: str):
    world.points.arm(moment, "kill")
    world.relay()
    world.worker()
    world.emit(1)
    until(lambda: world.points.hit(moment))

    age(10)  # its lease ends
    world.worker()

    assert world.settle() == Verdict()
    assert Delivery.objects.get().lost_leases == (0 if moment == "unacknowledged" else 1)


def test_a_done_mark_of_its_own_doubles_the_effect(world: World):
    """The twin of the test above: the effect commits, the worker dies, nobody marked it."""
    world.handlers = ("chaos.split",)
    world.points.arm("effect", "kill")
    world.relay()
    world.worker()
    world.emit(1)
    until(lambda: world.points.hit("effect"))

    age(10)
    world.worker()

    assert world.settle() == Verdict(doubled={(1, "chaos.split")})


@pytest.mark.parametrize(("moment", "calls"), [("begin", 1), ("effect", 2), ("unacknowledged", 1)])
def test_an_outside_effect_repeats_only_under_its_key(world: World, moment: str, calls: int):
    world.handlers = ("chaos.outside",)
    world.points.arm(moment, "kill")
    world.relay()
    world.worker()
    world.emit(1)
    until(lambda: world.points.hit(moment))

    age(10)  # its lease ends
    world.worker()

    assert world.settle() == Verdict()
    assert len(world.outside()) == calls
    assert len(set(world.outside())) == 1
