"""The old release runs next to the new one: what it does not know waits for somebody who does."""

from workers.models import Delivery
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.story import StruckAgain, Unheard
from workers.tests.chaos.world import World, until

NEXT = {"CHAOS_RELEASE": "next"}


def test_a_type_that_the_old_relay_does_not_know_waits_for_the_new_one(world: World):
    _old_release(world, Unheard)
    assert world.verdict() == Verdict(missing={(1, "chaos.db")})

    world.relay(**NEXT)
    world.worker(**NEXT)

    assert world.settle() == Verdict()


def test_an_old_relay_that_ticks_off_what_it_does_not_know_loses_it(world: World):
    """The twin of the test above."""
    _old_release(world, Unheard, CHAOS_WITHOUT="known types")

    world.relay(**NEXT)
    world.worker(**NEXT)

    assert world.settle() == Verdict(missing={(1, "chaos.db")})


def test_a_version_that_the_old_worker_does_not_know_waits_for_the_new_one(world: World):
    _old_release(world, StruckAgain)
    until(lambda: Delivery.objects.filter(claimed_at__isnull=False, state=0, attempts=0).exists())

    world.worker(**NEXT)

    assert world.settle() == Verdict()
    assert not Delivery.objects.exclude(attempts=1).exists()


def test_an_old_worker_that_fails_on_what_it_does_not_know_kills_it(world: World):
    """The twin of the test above."""
    _old_release(world, StruckAgain, CHAOS_WITHOUT="release")

    assert world.settle() == Verdict(dead={(1, "chaos.db")})


def test_a_handler_that_the_old_worker_does_not_know_waits_for_the_new_one(world: World):
    world.handlers = ("chaos.db", "chaos.ordered")
    world.relay(**NEXT)
    world.worker(CHAOS_HANDLERS="chaos.db")
    world.emit(1)
    until(
        lambda: Delivery.objects.filter(handler="chaos.ordered", claimed_at__isnull=False, state=0).exists()
    )
    until(lambda: world.verdict() == Verdict(open={(1, "chaos.ordered")}))

    world.worker(**NEXT)

    assert world.settle() == Verdict()


def _old_release(world: World, kind: type[StruckAgain | Unheard], **environment: str) -> None:
    """Let the old release see a fact of the next one, and go on with its own."""
    world.relay(**environment)
    world.worker(**environment)
    world.emit(1, kind=kind)
    world.emit(2)
    until(lambda: Delivery.objects.filter(state=3).exists())
