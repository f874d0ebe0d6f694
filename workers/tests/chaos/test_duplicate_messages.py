"""One delivery, a hundred messages."""

import pytest

from workers import actors, fanout
from workers import broker as brokers
from workers.jobs import QUEUES
from workers.models import Delivery
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.story import DB, Struck
from workers.tests.chaos.world import World, until


def test_the_same_message_a_hundred_times_has_one_effect(world: World, client):
    _send(world, client, workers=2)

    assert world.verdict() == Verdict()
    assert Delivery.objects.get().attempts == 1


@pytest.mark.parametrize(
    ("off", "verdict"), [("claim", Verdict()), ("claim,fence", Verdict(doubled={(1, "chaos.db")}))]
)
def test_two_protections_stand_behind_each_other(world: World, client, off: str, verdict: Verdict):
    """The twin: without the claim's condition the fence still rolls back; without both effects double."""
    _send(world, client, workers=2, CHAOS_WITHOUT=off)

    assert world.verdict() == verdict


def _send(world: World, client, *, workers: int, **environment: str) -> None:
    world.emit(1, how="slow")
    assert fanout.fan_out(routes={Struck.name: (DB,)}) == 1
    broker = brokers.build(url=world.broker_url)
    message = actors.declare(broker=broker, handlers={}, queues=[QUEUES["db"]])["db"].message
    for _copy in range(100):
        broker.enqueue(message(Delivery.objects.get().pk))
    for _worker in range(workers):
        world.worker(threads=8, **environment)
    until(lambda: client.hlen("dramatiq:db.msgs") == 0)
