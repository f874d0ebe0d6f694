"""Valkey stopped, flushed, restarted empty and silent. It holds no truth: each costs time, never a fact."""

import threading
from collections.abc import Iterator

import dramatiq
import pytest
import redis
from django.db import transaction

from commerce.events import outbox
from tools.local.valkey import Valkey
from workers import broker as brokers
from workers import kick
from workers.models import Delivery
from workers.tests.chaos.conftest import broker_url
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.proxy import Proxy
from workers.tests.chaos.world import World, until


@pytest.fixture
def kicking(world: World, settings, monkeypatch) -> None:
    """Commits of this process wake the relay, as in production."""
    settings.BROKER_URL = world.broker_url
    monkeypatch.setattr(outbox, "_kick", [kick.kick])
    monkeypatch.setattr(kick, "_closed_again", 0.0)


@pytest.fixture
def proxy(server: Valkey) -> Iterator[Proxy]:
    with Proxy(port=redis.connection.parse_url(server.url)["port"]) as proxy:
        yield proxy


def through(proxy: Proxy, server: Valkey) -> str:
    return broker_url(server).replace(
        f":{redis.connection.parse_url(server.url)['port']}/", f":{proxy.port}/"
    )


@pytest.mark.usefixtures("kicking")
def test_a_server_that_is_down_at_commit_costs_nothing_but_time(world: World, server: Valkey):
    world.relay()
    world.worker()
    server.kill()
    for n in range(5):
        world.emit(n)
    until(lambda: Delivery.objects.count() == 5)  # the half in PostgreSQL goes on

    server.start()

    assert world.settle() == Verdict()


def test_a_message_sent_after_the_commit_is_lost_when_the_server_is_down(
    world: World, server: Valkey, client
):
    """The twin of the test above: what most shops do."""
    broker = brokers.build(url=world.broker_url)
    naive = dramatiq.actor(lambda n: None, broker=broker, actor_name="naive")
    server.kill()
    with transaction.atomic():
        outbox_free_order = 1
        transaction.on_commit(lambda: naive.send(outbox_free_order), robust=True)

    server.start()

    assert client.hlen("dramatiq:default.msgs") == 0
    naive.send(2)
    assert client.hlen("dramatiq:default.msgs") == 1


def test_a_flushed_server_gets_everything_again_at_once(world: World, client):
    _fill(world, client)

    client.flushall()
    world.worker()

    assert world.settle() == Verdict()


def test_without_the_epoch_a_flush_costs_the_visibility_timeout(world: World, client):
    """The twin of the test above."""
    _fill(world, client, CHAOS_WITHOUT="epoch")

    client.flushall()
    world.worker()
    world.emit(100)
    until(lambda: Delivery.objects.filter(state=3).exists())

    assert world.verdict() == Verdict(open={(n, "chaos.db") for n in range(30)})


def test_a_server_that_restarts_empty_under_load_loses_nothing(world: World, server: Valkey):
    world.relay()
    world.worker()
    for n in range(60):
        world.emit(n, how="slow" if n % 4 == 0 else "")
        if n == 30:
            until(lambda: Delivery.objects.filter(state=3).exists())
            server.kill()
            server.start()

    assert world.settle() == Verdict()


def test_without_the_epoch_a_server_that_restarts_empty_costs_the_visibility_timeout(
    world: World, server: Valkey, client
):
    """The twin of the test above."""
    _fill(world, client, CHAOS_WITHOUT="epoch")

    server.kill()
    server.start()
    world.worker()
    world.emit(100)
    until(lambda: Delivery.objects.filter(state=3).exists())

    assert world.verdict() == Verdict(open={(n, "chaos.db") for n in range(30)})


@pytest.mark.usefixtures("kicking")
def test_a_silent_server_holds_neither_the_shopper_nor_the_relay(
    world: World, server: Valkey, proxy: Proxy, settings
):
    settings.BROKER_URL = world.broker_url = through(proxy, server)
    world.relay()
    world.worker()
    world.emit(0)
    until(lambda: Delivery.objects.filter(state=3).exists())

    proxy.become("blackhole")
    patient = threading.Thread(target=_impatient_never, args=[through(proxy, server)], daemon=True)
    patient.start()
    for n in range(1, 6):
        world.emit(n)  # commits and comes back
    assert patient.is_alive()  # the twin: without timeouts the same call still waits
    until(lambda: Delivery.objects.count() == 6)
    proxy.become("reset")
    proxy.become("pass")

    assert world.settle() == Verdict()
    patient.join(timeout=10)


def _impatient_never(url: str) -> None:
    try:
        redis.Redis.from_url(url, socket_timeout=None).ping()
    except redis.RedisError:
        pass


def _fill(world: World, client: "redis.Redis", **environment: str) -> None:
    """Let Redis hold thirty messages that nobody fetched, and no visibility timeout bring them back soon."""
    for n in range(30):
        world.emit(n)
    world.relay(CHAOS_VISIBILITY="300", **environment)
    until(lambda: client.hlen("dramatiq:db.msgs") > 0 and Delivery.objects.filter(dispatches=1).count() == 30)
