"""How fast facts become effects, how soon a handler begins, and what waiting costs."""

import contextlib
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import dramatiq
import redis
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from dramatiq.brokers.redis import RedisBroker

from commerce.events import outbox, types
from tools.bench.inserts import paid
from tools.bench.processes import cpu, running, until, worker
from tools.bench.reactions import BEGUN
from workers import kick
from workers.models import Delivery


@dataclass(frozen=True)
class Drain:
    """Deliveries in a second, and which part of a processor each program used meanwhile."""

    rate: float
    shares: dict[str, float]


@dataclass(frozen=True)
class Latency:
    """Milliseconds from commit to the handler's first line: median and 99th of a hundred, and the median's legs."""

    median: float
    late: float
    legs: dict[str, float]


@dataclass(frozen=True)
class Idle:
    """What relay and worker use in a second while nothing happens."""

    commands: dict[str, float]  # commands that the broker's server got
    transactions: float  # of both, in PostgreSQL
    shares: dict[str, float]  # parts of a processor
    blocked: int  # connections that wait in the broker's server


def server() -> "redis.Redis":
    """Return the broker's server."""
    return redis.Redis.from_url(settings.BROKER_URL)


def no_ops(*, messages: int) -> float:
    """Return the empty messages in a second that Dramatiq as it comes takes from a full queue."""
    client = server()
    client.flushdb()
    broker = RedisBroker(url=settings.BROKER_URL)  # type: ignore[no-untyped-call]
    for number in range(messages):
        broker.enqueue(
            dramatiq.Message(queue_name="raw", actor_name="nothing", args=(number,), kwargs={}, options={})
        )
    left = "dramatiq:raw.msgs"
    with worker("tools.bench.raw", BENCH_BROKER_URL=settings.BROKER_URL):
        until(lambda: int(client.hlen(left)) < messages)
        begin, before = time.monotonic(), int(client.hlen(left))
        until(lambda: client.hlen(left) == 0)
        return before / (time.monotonic() - begin)


@dataclass(frozen=True)
class Shop:
    """The relay and the worker that are measured, by their process ids."""

    relay: int
    worker: int

    @property
    def programs(self) -> dict[str, list[int]]:
        """Return what may be the limit."""
        return {"relay": [self.relay], "worker": [self.worker], "PostgreSQL": _backends()}


@contextlib.contextmanager
def shop() -> Iterator[Shop]:
    """Run relay and worker while the block runs; it begins when both work."""
    client = server()
    client.flushdb()
    with running("-m", "tools.bench.carrier") as relay, worker("tools.bench.worker") as hands:
        with transaction.atomic():
            outbox.record(placed(0))
        until(lambda: int(client.llen(BEGUN)) > 0)
        yield Shop(relay=relay, worker=hands)


def drain(shop: Shop, *, events: int) -> Drain:
    """Commit facts at once and measure until the last of them has had its effect."""
    programs = shop.programs
    with transaction.atomic():
        for number in range(events):
            outbox.record(paid(number))
        transaction.on_commit(kick.kick)
        before = {name: cpu(pids) for name, pids in programs.items()}
    committed = time.monotonic()
    done = Delivery.objects.filter(handler="bench.nothing", state=3)
    until(lambda: done.count() >= events, pause=0.05)
    taken = time.monotonic() - committed
    shares = {name: (cpu(pids) - before[name]) / taken for name, pids in programs.items()}
    return Drain(rate=events / taken, shares=shares)


def latency(_shop: Shop, *, samples: int, space: float) -> Latency:
    """Commit single facts, `space` seconds apart, to an idle system."""
    client = server()
    client.delete(BEGUN)
    commits = []
    for number in range(samples):
        time.sleep(space)
        with transaction.atomic():
            transaction.on_commit(lambda: commits.append(time.time()))
            outbox.record(placed(number))
            transaction.on_commit(kick.kick)
        until(lambda: int(client.llen(BEGUN)) == len(commits), pause=0.02)
    begun = [float(line.split()[1]) for line in client.lrange(BEGUN, 0, -1)]
    rows = _legs(samples)
    waits = sorted((start - commit) * 1000 for start, commit in zip(begun, commits, strict=True))
    legs = {
        "until fan-out begins": [(rows[n][0] - commits[n]) * 1000 for n in range(samples)],
        "until a worker claims": [(claimed - fanned) * 1000 for fanned, claimed in rows],
        "claim": [(begun[n] - rows[n][1]) * 1000 for n in range(samples)],
    }
    return Latency(
        median=statistics.median(waits),
        late=waits[min(samples - 1, int(samples * 0.99))],
        legs={name: statistics.median(times) for name, times in legs.items()},
    )


def idle(shop: Shop, *, seconds: float) -> Idle:
    """Watch relay and worker do nothing."""
    client = server()
    time.sleep(1)  # what the last message left is over
    programs = {"relay": [shop.relay], "worker": [shop.worker]}
    before, used = _counts(client), {name: cpu(pids) for name, pids in programs.items()}
    transactions = _transactions()
    time.sleep(seconds)
    after = _counts(client)
    return Idle(
        commands={
            name: (count - before.get(name, 0)) / seconds
            for name, count in after.items()
            if count > before.get(name, 0)
        },
        transactions=(_transactions() - transactions) / seconds,
        shares={name: (cpu(pids) - used[name]) / seconds for name, pids in programs.items()},
        blocked=int(client.info("clients")["blocked_clients"]),
    )


def placed(number: int) -> types.OrderPlaced:
    """Return a fact whose handler tells when it began."""
    return types.OrderPlaced(
        order_id=number, number="20261124-0000001", total=1000, currency="KRW", occurred_at=timezone.now()
    )


def _backends() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [pid for (pid,) in cursor.fetchall()]


def _legs(samples: int) -> list[tuple[float, float]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT extract(epoch FROM e.fanned_out_at)::float, extract(epoch FROM d.claimed_at)::float
               FROM workers_delivery d JOIN commerce_outboxevent e ON e.id = d.event_id
               WHERE d.handler = 'bench.tell' ORDER BY d.id DESC LIMIT %s""",
            [samples],
        )
        return list(reversed(cursor.fetchall()))


def _counts(client: "redis.Redis") -> dict[str, int]:
    """Return how often each command was sent; what scripts call inside the server is left out."""
    sent = {"blmove", "blpop", "del", "evalsha", "get", "hlen", "lpush", "set"}
    stats = {
        name.removeprefix("cmdstat_"): int(s["calls"]) for name, s in client.info("commandstats").items()
    }
    return {name: calls for name, calls in stats.items() if name in sent}


def _transactions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
