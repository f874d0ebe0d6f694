"""How fast facts become effects, how soon a handler begins, and what waiting costs."""

import statistics
import time
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

CARRIER = ("-m", "tools.bench.carrier")


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


def no_ops(*, module: str, queue: str, actor: str, messages: int) -> float:
    """Return the empty messages in a second that one process of eight threads takes from a full queue."""
    client = server()
    client.flushdb()
    broker = RedisBroker(url=settings.BROKER_URL)  # type: ignore[no-untyped-call]
    for number in range(messages):
        broker.enqueue(
            dramatiq.Message(queue_name=queue, actor_name=actor, args=(number,), kwargs={}, options={})
        )
    left = f"dramatiq:{queue}.msgs"
    with worker(module, BENCH_BROKER_URL=settings.BROKER_URL):
        until(lambda: int(client.hlen(left)) < messages)
        begin, before = time.monotonic(), int(client.hlen(left))
        until(lambda: client.hlen(left) == 0)
        return before / (time.monotonic() - begin)


def drain(*, events: int) -> Drain:
    """Commit facts at once and measure until the last of them has had its effect."""
    with running(*CARRIER) as relay, worker("tools.bench.worker") as hands:
        _warm(begin=0)
        programs = {"relay": [relay], "worker": [hands], "PostgreSQL": _backends()}
        before = {name: cpu(pids) for name, pids in programs.items()}
        begin = time.monotonic()
        with transaction.atomic():
            for number in range(events):
                outbox.record(paid(number))
            transaction.on_commit(kick.kick)
        committed = time.monotonic()
        done = Delivery.objects.filter(handler="bench.nothing", state=3)
        until(lambda: done.count() >= events, pause=0.05)
        taken = time.monotonic() - committed
        del begin
        shares = {name: (cpu(pids) - before[name]) / taken for name, pids in programs.items()}
    return Drain(rate=events / taken, shares=shares)


def latency(*, samples: int, space: float) -> Latency:
    """Commit single facts, `space` seconds apart, to an idle system."""
    client = server()
    commits: dict[int, float] = {}
    with running(*CARRIER), worker("tools.bench.worker"):
        _warm(begin=0)
        client.delete(BEGUN)
        for number in range(samples):
            time.sleep(space)
            with transaction.atomic():
                transaction.on_commit(lambda: commits.setdefault(number, time.time()))  # noqa: B023
                outbox.record(placed(number))
                transaction.on_commit(kick.kick)
            until(lambda: int(client.llen(BEGUN)) > number)  # noqa: B023
    begun = [float(line.split()[1]) for line in client.lrange(BEGUN, 0, -1)]
    rows = _legs(samples)
    waits = sorted((start - commits[n]) * 1000 for n, start in enumerate(begun))
    legs = {
        "relay": [(fanned - commits[n]) * 1000 for n, (fanned, _claimed) in enumerate(rows)],
        "Redis": [(claimed - fanned) * 1000 for fanned, claimed in rows],
        "claim": [(begun[n] - claimed) * 1000 for n, (_fanned, claimed) in enumerate(rows)],
    }
    return Latency(
        median=statistics.median(waits),
        late=waits[min(len(waits) - 1, int(len(waits) * 0.99))],
        legs={name: statistics.median(times) for name, times in legs.items()},
    )


def idle(*, seconds: float) -> Idle:
    """Watch relay and worker do nothing."""
    client = server()
    with running(*CARRIER) as relay, worker("tools.bench.worker") as hands:
        _warm(begin=0)
        time.sleep(2)  # what the last message left is over
        before, shares = _counts(client), {"relay": cpu([relay]), "worker": cpu([hands])}
        time.sleep(seconds)
        after = _counts(client)
        used = {"relay": cpu([relay]) - shares["relay"], "worker": cpu([hands]) - shares["worker"]}
        blocked = int(client.info("clients")["blocked_clients"])
    commands = {
        name: (count - before[0].get(name, 0)) / seconds
        for name, count in after[0].items()
        if count > before[0].get(name, 0)
    }
    return Idle(
        commands=commands,
        transactions=(after[1] - before[1]) / seconds,
        shares={name: share / seconds for name, share in used.items()},
        blocked=blocked,
    )


def placed(number: int) -> types.OrderPlaced:
    """Return a fact whose handler tells when it began."""
    return types.OrderPlaced(
        order_id=number, number="20261124-0000001", total=1000, currency="KRW", occurred_at=timezone.now()
    )


def _warm(*, begin: int) -> None:
    """Wait until both programs work: facts of either kind have had their effect."""
    client = server()
    client.delete(BEGUN)
    with transaction.atomic():
        outbox.record(placed(begin))
    until(lambda: int(client.llen(BEGUN)) > 0)


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


def _counts(client: "redis.Redis") -> tuple[dict[str, int], int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
        transactions = int(cursor.fetchone()[0])
    stats = client.info("commandstats")
    return {name.removeprefix("cmdstat_"): int(s["calls"]) for name, s in stats.items()}, transactions
