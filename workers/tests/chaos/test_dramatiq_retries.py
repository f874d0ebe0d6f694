"""Why retries live in PostgreSQL: Dramatiq loses a message whose retry meets a dead Redis."""

import os
from collections.abc import Iterator
from pathlib import Path

import dramatiq
import pytest

from tools.local.valkey import Valkey
from workers import broker as brokers
from workers.models import Delivery
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.world import World, until


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey that forgets nothing when it is stopped."""
    valkey = Valkey(home=tmp_path / "valkey", env=os.environ, throw_away=False)
    valkey.start()
    yield valkey
    valkey.stop()


def test_a_retry_of_ours_waits_until_the_server_is_back(world: World, server: Valkey):
    world.points.arm("begin", "wait")
    world.relay()
    world.worker()
    world.emit(1, how="flaky")
    until(lambda: world.points.hit("begin"))

    server.stop()
    world.points.go("begin")
    until(lambda: Delivery.objects.filter(state=2).exists())
    server.start()

    assert world.settle() == Verdict()
    assert Delivery.objects.get().attempts == 3


def test_a_retry_of_dramatiq_is_lost(world: World, server: Valkey, client):
    """The twin of the test above. When it fails, Dramatiq has mended its retries (its pull request 545)."""
    broker = brokers.build(url=world.broker_url)
    broker.declare_queue("naive")
    world.points.arm("naive", "wait")
    world.worker()
    broker.enqueue(dramatiq.Message("naive", "naive", (1,), {}, {}))
    until(lambda: world.points.hit("naive"))

    server.stop()
    world.points.go("naive")
    until(lambda: "in after_process_message" in (world.folder / "processes.log").read_text())
    server.start()
    until(lambda: client.hlen("dramatiq:naive.msgs") == 0)

    assert [client.hlen(f"dramatiq:naive.{kind}.msgs") for kind in ("DQ", "XQ")] == [0, 0]
    assert not (world.folder / "done by Dramatiq").exists()
