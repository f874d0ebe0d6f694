"""Workers that are asked to leave, and one that comes back from the dead."""

import signal

import pytest
from django.utils import timezone

from workers.models import Delivery
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.world import World, until
from workers.tests.factories import age

MANY = range(14)  # few enough that each has a message of its own
SLOWLY = {"threads": 1, "CHAOS_PREFETCH": "50"}
PATIENT = {"CHAOS_VISIBILITY": "300"}  # nothing comes back by the visibility timeout


def test_sigterm_with_a_full_prefetch_gives_everything_back(world: World):
    worker = _with_full_hands(world)

    assert worker.leave() == 0
    assert not Delivery.objects.filter(state=1).exists()
    world.worker()

    assert world.settle() == Verdict()
    assert not Delivery.objects.exclude(attempts=1, lost_leases=0).exists()


def test_sigterm_amid_a_message_of_twenty_gives_the_rest_of_it_back(world: World):
    for n in range(20):
        world.emit(n, how="slow")
    world.relay(**PATIENT)
    worker = world.worker(threads=1)
    until(lambda: Delivery.objects.filter(state=3).exists())
    assert Delivery.objects.filter(state=1).count() > 10

    assert worker.leave() == 0
    assert Delivery.objects.filter(state=0, attempts=0).count() > 5
    world.worker()

    assert world.settle() == Verdict()
    assert not Delivery.objects.exclude(attempts=1, lost_leases=0).exists()


def test_sigkill_with_a_full_prefetch_costs_the_visibility_timeout(world: World):
    """The twin of the test above: what it held waits."""
    worker = _with_full_hands(world)

    worker.kill()
    world.worker()
    world.emit(100)
    until(lambda: Delivery.objects.filter(event__payload__n=100, state=3).exists())

    assert len(world.verdict().open) > 5
    age(400)
    assert world.settle() == Verdict()


def test_a_relay_that_is_asked_to_leave_finishes_its_turn(world: World):
    for n in MANY:
        world.emit(n)
    world.points.arm("dispatched", "wait")
    relay = world.relay(**PATIENT)
    until(lambda: world.points.hit("dispatched"))
    relay.send(signal.SIGTERM)
    world.points.go("dispatched")

    assert relay.leave() == 0
    world.worker()
    until(lambda: Delivery.objects.filter(state=3).count() == len(MANY))

    assert world.verdict() == Verdict()


@pytest.mark.parametrize(("off", "verdict"), [("", Verdict()), ("fence", Verdict(doubled={(1, "chaos.db")}))])
def test_a_worker_that_outlived_its_lease_cannot_commit(world: World, client, off: str, verdict: Verdict):
    """With its twin: a fence that lets everybody through."""
    world.points.arm("effect", "stop")
    world.relay(**PATIENT)
    zombie = world.worker(CHAOS_WITHOUT=off)
    world.emit(1)
    until(lambda: world.points.hit("effect"))
    age(400)
    world.worker(CHAOS_WITHOUT=off)
    until(lambda: Delivery.objects.filter(state=3).exists())

    zombie.send(signal.SIGCONT)
    until(lambda: client.hlen("dramatiq:db.msgs") == 0)  # it has finished too

    assert world.verdict() == verdict
    assert Delivery.objects.get().lost_leases == 1


@pytest.mark.parametrize(("idle", "open_"), [("500", set()), ("0", {(1, "chaos.db")})])
def test_a_worker_that_stands_still_amid_its_commit_is_cut_off(
    world: World, idle: str, open_: set[tuple[int, str]]
):
    """With its twin: without `idle_in_transaction_session_timeout` its row stays locked, and nobody takes over."""
    world.points.arm("marked", "stop")
    world.relay(**PATIENT)
    world.worker(CHAOS_IDLE=idle, CHAOS_LEASE="1")
    world.emit(1)
    until(lambda: world.points.hit("marked"))
    until(lambda: not Delivery.objects.filter(lease_until__gt=timezone.now()).exists())
    world.worker()
    world.emit(2)  # sweeps took place before this one is done
    until(lambda: Delivery.objects.filter(event__payload__n=2, state=3).exists())

    until(lambda: world.verdict() == Verdict(open=open_))


def _with_full_hands(world: World):
    for n in MANY:
        world.emit(n, how="slow")
    world.relay(**PATIENT)
    until(lambda: Delivery.objects.filter(dispatches=1).count() == len(MANY))
    worker = world.worker(**SLOWLY)
    until(lambda: Delivery.objects.filter(state=3).exists())
    return worker
