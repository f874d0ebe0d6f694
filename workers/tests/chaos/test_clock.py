"""The clock of the whole machine jumps while relays and workers work, and comes back."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg.conninfo
import pytest
from django.db import connection
from django.utils import timezone

from commerce.events.models import OutboxEvent
from commerce.events.types import UnpaidOrdersDue
from tools.local.postgres import Postgres, program
from tools.local.valkey import Valkey
from workers.backup import options as servers
from workers.models import Delivery, Schedule
from workers.tests import standby
from workers.tests.chaos import oracle
from workers.tests.chaos.clock import Clock
from workers.tests.chaos.conftest import broker_url
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.world import World, Zygote, until

HOURS = 3


@pytest.fixture(scope="module")
def clock() -> Iterator[Clock]:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders let nobody else in
        Path(folder).chmod(0o755)
        yield Clock(folder=Path(folder))


@pytest.fixture(scope="module")
def postgres(clock: Clock, database, django_db_blocker, tmp_path_factory) -> Iterator[Postgres]:
    """A server on that clock, with the schema of the test database."""
    path = tmp_path_factory.mktemp("dump") / "shop.dump"
    with django_db_blocker.unblock():
        source = servers.server(connection.settings_dict)
        argv = [str(program("pg_dump")), "--format=custom", f"--file={path}", "--dbname", source.conninfo()]
        subprocess.run(argv, check=True, env={**os.environ, **source.environment})
    server = standby.primary(home=tmp_path_factory.mktemp("clocked"), dump=path, server_env=clock.of_postgres)
    yield server
    server.kill()


@pytest.fixture
def world(
    clock: Clock, postgres: Postgres, zygote: Zygote, server: Valkey, tmp_path: Path, committed
) -> Iterator[World]:
    """Relays, workers and PostgreSQL on that clock; Valkey and whoever records facts have the right time."""
    clock.set_right()
    usual = dict(connection.settings_dict)
    there = psycopg.conninfo.conninfo_to_dict(postgres.url)
    connection.close()
    connection.settings_dict.update(
        HOST=there["host"],
        PORT=there["port"],
        NAME=there["dbname"],
        USER=there["user"],
        PASSWORD=there["password"],
    )
    with connection.cursor() as cursor:
        cursor.execute(oracle.EFFECTS)
        cursor.execute(
            "TRUNCATE chaos_effect, commerce_outboxevent, workers_delivery, workers_schedule CASCADE"
        )
    world = World(zygote=zygote, folder=tmp_path, broker_url=broker_url(server), environment=clock.of_ours)
    yield world
    world.close()
    clock.set_right()
    connection.close()
    connection.settings_dict.update(usual)


def test_a_clock_that_jumps_ahead_and_comes_back_under_load_changes_nothing(world: World, clock: Clock):
    world.handlers = ("chaos.db", "chaos.ordered")
    world.relay()
    world.relay()
    world.tend()
    world.tend()
    for n in range(60):
        world.emit(n, key=str(n % 5), how={0: "slow", 1: "flaky"}.get(n % 6, ""))
        if n == 20:
            clock.jump(HOURS)
            done = Delivery.objects.filter(state=3).count()
            until(lambda done=done: Delivery.objects.filter(state=3).count() > done)  # it goes on meanwhile
        if n == 40:
            clock.set_right()
    until(world.settled)

    assert world.verdict(ordered=("chaos.ordered",)) == Verdict()


def test_what_waits_for_a_time_that_was_wrong_is_tried_as_soon_as_the_clock_is_right(
    world: World, clock: Clock
):
    _let_ten_wait_for_a_wrong_time(world, clock)

    clock.set_right()
    world.relay()

    assert world.settle() == Verdict()


def test_without_healing_they_wait_as_long_as_the_clock_was_wrong(world: World, clock: Clock):
    """The twin of the test above."""
    _let_ten_wait_for_a_wrong_time(world, clock)

    clock.set_right()
    world.relay(CHAOS_WITHOUT="healing")
    world.emit(100)
    until(lambda: Delivery.objects.filter(state=3).exists())

    assert world.verdict() == Verdict(open={(n, "chaos.db") for n in range(10)})
    assert Delivery.objects.filter(available_at__gt=timezone.now() + timedelta(hours=2)).count() == 10


def test_the_schedule_goes_on_after_a_jump_and_no_slot_fires_twice(world: World, clock: Clock):
    world.relay(CHAOS_EVERY="2")
    world.relay(CHAOS_EVERY="2")
    until(lambda: len(_slots()) >= 2)
    clock.jump(HOURS)
    until(lambda: max(_slots()) > _in_hours(2))
    clock.set_right()
    back = len(_slots())

    until(lambda: len(_slots()) >= back + 3)

    assert len(set(_slots())) == len(_slots())
    assert max(_slots()[back + 1 :]) < _in_hours(1)


def test_without_healing_the_schedule_stands_still_after_a_jump(world: World, clock: Clock):
    """The twin of the test above."""
    world.relay(CHAOS_EVERY="2", CHAOS_WITHOUT="healing")
    until(lambda: len(_slots()) >= 1)
    clock.jump(HOURS)
    until(lambda: max(_slots()) > _in_hours(2))
    clock.set_right()

    world.worker()
    world.emit(1)
    until(lambda: Delivery.objects.filter(state=3).exists())  # the relay looked at everything since

    assert Schedule.objects.get().next_at > timezone.now() + timedelta(hours=2)


def _let_ten_wait_for_a_wrong_time(world: World, clock: Clock) -> None:
    """Let ten deliveries fail once while the clock is ahead: their next try lies in a time that is not."""
    clock.jump(HOURS)
    relay = world.relay()
    for n in range(10):
        world.emit(n, how="flaky")
    until(lambda: Delivery.objects.filter(dispatches__gte=1).count() == 10)
    relay.leave()  # it finishes its turn: all ten are on their way
    world.worker()
    until(lambda: Delivery.objects.filter(state=2).count() == 10)


def _slots() -> list[str]:
    known = OutboxEvent.objects.filter(type=UnpaidOrdersDue.name).order_by("pk")
    return list(known.values_list("payload__slot", flat=True))


def _in_hours(hours: int) -> str:
    return (timezone.now() + timedelta(hours=hours)).isoformat()
