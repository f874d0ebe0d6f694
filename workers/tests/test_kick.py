import socket
import time

import pytest
from django.apps import apps
from django.db import transaction

from commerce.events import outbox
from commerce.events.models import OutboxEvent
from workers import kick
from workers.tests.factories import paid_fact


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setattr(outbox, "_kick", [kick.kick])
    monkeypatch.setattr(kick, "_closed_again", 0.0)


@pytest.fixture
def silent_port():
    """A server that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield server.getsockname()[1]


def test_a_commit_wakes_the_relay_and_a_burst_wakes_it_once(committed, valkey):
    paid_fact()
    paid_fact()

    assert valkey.lrange(kick.WAKE, 0, -1) == [b"1"]
    assert 0 < valkey.pttl(kick.KICK) <= 1000


def test_a_rollback_wakes_nobody(committed, valkey):
    with pytest.raises(RuntimeError), transaction.atomic():
        paid_fact()
        raise RuntimeError

    assert valkey.exists(kick.WAKE) == 0


def test_a_dead_redis_does_not_break_the_commit(committed, settings):
    settings.BROKER_URL = "redis://127.0.0.1:9/1"

    paid_fact()

    assert OutboxEvent.objects.count() == 1


def test_a_silent_redis_costs_one_short_wait_and_is_then_left_alone(committed, settings, silent_port):
    settings.BROKER_URL = f"redis://127.0.0.1:{silent_port}/1"
    began = time.monotonic()

    for order_id in range(1, 21):
        paid_fact(order_id)

    assert OutboxEvent.objects.count() == 20
    assert time.monotonic() - began < 20 * kick.PATIENCE  # without the breaker each would wait
    assert kick._closed_again > time.monotonic()


@pytest.mark.parametrize(("asked", "registered"), [(True, [kick.kick]), (False, [])])
def test_commits_kick_only_where_a_relay_may_run(settings, monkeypatch, asked, registered):
    monkeypatch.setattr(outbox, "_kick", [])
    settings.RELAY_KICK = asked

    apps.get_app_config("workers").ready()

    assert outbox._kick == registered
