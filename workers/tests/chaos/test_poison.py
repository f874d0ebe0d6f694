"""Handlers that always fail, never end or kill their process: they die alone."""

import pytest

from workers.models import Delivery, DeliveryAttempt
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.world import World, until

INNOCENT = range(1, 20)


def test_a_handler_that_always_fails_is_dead_after_its_last_try_and_alone(world: World):
    world.relay()
    world.worker()
    world.emit(0, how="poison")
    for n in INNOCENT:
        world.emit(n)

    assert world.settle() == Verdict(dead={(0, "chaos.db")})

    assert Delivery.objects.get(state=4).attempts == 5
    assert DeliveryAttempt.objects.filter(delivery__state=4, error__contains="always").count() == 5


@pytest.mark.parametrize("how", ["spin", "sleep in SQL"])
def test_a_handler_that_never_ends_is_interrupted_and_dead_after_its_last_try(world: World, how: str):
    world.handlers = ("chaos.hasty",)
    world.relay()
    world.worker(threads=2)
    world.emit(0, how=how)
    for n in INNOCENT:
        world.emit(n)

    assert world.settle() == Verdict(dead={(0, "chaos.hasty")})

    assert Delivery.objects.get(state=4).lost_leases == 0


def test_without_interruption_handlers_that_never_end_keep_all_others_waiting(world: World):
    """The twin of the test above: two of them hold both threads for good."""
    world.handlers = ("chaos.hasty", "chaos.outside")
    world.relay()
    world.worker(threads=2, queues=("db",), CHAOS_WITHOUT="interruption")
    for n in (0, 1):
        world.emit(n, how="spin")
    until(lambda: Delivery.objects.filter(state=1, handler="chaos.hasty").count() == 2)
    for n in INNOCENT[1:]:
        world.emit(n)
    world.worker(queues=("io",))
    until(lambda: {n for n, _ in world.outside()} == set(INNOCENT[1:]))  # their other handlers had their turn

    waiting = {n for n, handler in world.verdict().open if handler == "chaos.hasty"}

    assert waiting == {0, 1, *INNOCENT[1:]}


def test_a_worker_whose_thread_nobody_can_interrupt_is_replaced(world: World):
    """A call into C that never returns: the thread is gone for good, so the process leaves; others finish."""
    world.handlers = ("chaos.hasty",)
    world.relay(CHAOS_DEAD_AFTER="2")
    world.tend(threads=1, patience=500, CHAOS_LEASE="1")
    world.emit(0, how="sleep")
    until(lambda: Delivery.objects.filter(state=1).exists())  # its only thread is gone
    for n in range(1, 6):
        world.emit(n)

    assert world.settle() == Verdict(dead={(0, "chaos.hasty")})


def test_a_handler_that_kills_its_process_is_tried_apart_and_dies_alone(world: World):
    _one_message_with_a_killer(world)

    assert world.settle() == Verdict(dead={(0, "chaos.db")})

    killer = Delivery.objects.get(state=4)
    assert (killer.queue, killer.lost_leases) == ("quarantine", 5)


def test_without_quarantine_the_killer_takes_innocents_along(world: World):
    """The twin of the test above: they shared its messages to the end."""
    _one_message_with_a_killer(world, CHAOS_WITHOUT="quarantine")

    dead = world.settle().dead

    assert dead > {(0, "chaos.db")}


def _one_message_with_a_killer(world: World, **environment: str) -> None:
    world.emit(0, how="die")
    for n in INNOCENT:
        world.emit(n)
    world.relay(**environment)
    world.tend(queues=("db",), CHAOS_LEASE="1")
    world.tend(queues=("quarantine",), threads=1, CHAOS_LEASE="1")
    until(lambda: Delivery.objects.filter(lost_leases=1).exists())
