"""How far the workers are behind, from PostgreSQL alone, and whether the broker answers."""

import json
from dataclasses import dataclass
from typing import TypedDict

import redis
from django.conf import settings
from django.db import connection

from workers.dispatch import VISIBILITY
from workers.jobs import QUEUES
from workers.schedule import JOBS
from workers.server import client
from workers.sql import DELIVERY, OUTBOX

LATE = 60  # seconds
PATIENCE = 0.15  # seconds to connect, and again to be answered, where a page waits for Redis
MANY = 10_000  # rows that are counted; more is more


class Lag(TypedDict):
    """Seconds since a relay lived (None: never), ages of what waits longest, how late the clock's jobs are, and
    how many deliveries are dead, in all and by handler."""

    relay: float | None
    outbox: float
    due: float
    schedule: float
    dead: int
    dead_by_handler: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A queue: how many deliveries are open and how many of them a worker holds; `waiting` stops at MANY + 1."""

    queue: str
    waiting: int
    running: int
    age: float  # seconds that the oldest due delivery waits


def lag() -> Lag:
    """Return how far relay and workers are behind: a few small index scans."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT
                  (SELECT extract(epoch FROM now() - heartbeat_at)::float FROM workers_relaystate WHERE id = 1),
                  (SELECT extract(epoch FROM now() - occurred_at)::float FROM {OUTBOX}
                   WHERE fanned_out_at IS NULL ORDER BY id LIMIT 1),
                  (SELECT extract(epoch FROM max(now() - next_at))::float FROM workers_schedule
                   WHERE enabled AND next_at <= now() AND name = ANY(%s)),
                  (SELECT coalesce(json_object_agg(handler, dead ORDER BY handler), '{{}}')::text
                   FROM (SELECT handler, count(*) AS dead FROM {DELIVERY} WHERE state = 4 GROUP BY handler) d)""",
            [list(JOBS)],
        )
        relay, outbox, schedule, dead = cursor.fetchone()
    by_handler: dict[str, int] = json.loads(dead)
    return {
        "relay": None if relay is None else round(relay, 1),
        "outbox": round(max(outbox or 0.0, 0.0), 1),
        "due": round(max(due_ages().values(), default=0.0), 1),
        "schedule": round(schedule or 0.0, 1),
        "dead": sum(by_handler.values()),
        "dead_by_handler": by_handler,
    }


def due_ages() -> dict[str, float]:
    """Return for each queue how many seconds its oldest due delivery waits; a queue where nothing is due has none.

    Each sending without a claim moved a delivery's due time on: the age counts from the first. Looks at the
    500 oldest of each queue and priority, and at as many of those that were sent: a backlog costs nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH RECURSIVE lanes AS (
                  (SELECT queue, priority FROM {DELIVERY} WHERE state IN (0, 2)
                   ORDER BY queue, priority LIMIT 1)
                  UNION ALL
                  SELECT n.* FROM lanes l, LATERAL (
                    SELECT queue, priority FROM {DELIVERY}
                    WHERE state IN (0, 2) AND (queue, priority) > (l.queue, l.priority)
                    ORDER BY queue, priority LIMIT 1) n)
                SELECT l.queue, extract(epoch FROM max(
                         now() - d.available_at
                         + make_interval(secs => %(visibility)s) * (2 ^ least(d.dispatches, 8) - 1)))::float
                FROM lanes l, LATERAL (
                  (SELECT available_at, dispatches FROM {DELIVERY}
                   WHERE state IN (0, 2) AND queue = l.queue AND priority = l.priority
                     AND available_at <= now() ORDER BY available_at LIMIT 500)
                  UNION ALL
                  (SELECT available_at, dispatches FROM (
                     SELECT available_at, dispatches FROM {DELIVERY}
                     WHERE state IN (0, 2) AND queue = l.queue AND priority = l.priority
                       AND available_at > now() ORDER BY available_at LIMIT 500) sent
                   WHERE dispatches > 0)) d
                GROUP BY l.queue""",
            {"visibility": VISIBILITY},
        )
        return {queue: max(age, 0.0) for queue, age in cursor.fetchall()}


def lanes() -> list[Lane]:
    """Return how full each queue is."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT q.queue, (SELECT count(*) FROM (
                         SELECT FROM {DELIVERY} d
                         WHERE d.queue = q.queue AND d.state IN (0, 2) LIMIT %s) w)
                FROM unnest(%s::text[]) AS q(queue)""",
            [MANY + 1, list(QUEUES)],
        )
        waiting = dict(cursor.fetchall())
        cursor.execute(f"SELECT queue, count(*) FROM {DELIVERY} WHERE state = 1 GROUP BY queue")
        running = dict(cursor.fetchall())
    ages = due_ages()
    return [
        Lane(
            queue=queue,
            waiting=waiting.get(queue, 0),
            running=running.get(queue, 0),
            age=round(ages.get(queue, 0.0), 1),
        )
        for queue in {**QUEUES, **running}
    ]


def dead() -> int:
    """Return how many deliveries were given up."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {DELIVERY} WHERE state = 4")
        return int(cursor.fetchone()[0])


def late(lag: Lag) -> bool:
    """Tell whether somebody should look: nobody relays, or something waits for more than a minute."""
    return lag["relay"] is None or max(lag["relay"], lag["outbox"], lag["due"], lag["schedule"]) > LATE


def ping_broker() -> None:
    """Ask the broker's server for a sign of life.

    Raises:
        redis.RedisError: it gave none.
    """
    client(url=settings.BROKER_URL, connect=0.5, answer=0.5).ping()


def windows() -> dict[str, int] | None:
    """Return how many messages of each queue Redis holds; None when it does not answer within 0.3 seconds."""
    try:
        server = client(url=settings.BROKER_URL, connect=PATIENCE, answer=PATIENCE)
        pipeline = server.pipeline(transaction=False)
        for queue in QUEUES:
            pipeline.hlen(f"dramatiq:{queue}.msgs")
        return dict(zip(QUEUES, pipeline.execute(), strict=True))
    except redis.RedisError:
        return None
