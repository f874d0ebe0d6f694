"""From deliveries to Redis: a bounded window, so that priority, delays and truth stay in PostgreSQL."""

from collections.abc import Callable, Sequence

import redis
from django.db import connection

from workers.jobs import QUEUES, Queue
from workers.sql import DELIVERY, NOTHING_EARLIER_OPEN

WINDOW = 500  # messages of one queue that Redis may hold
VISIBILITY = 120  # seconds until a message that nobody claimed is sent again; doubles with each sending
BACKLOG = 16  # due rows from which on one message carries several
EPOCH = "outbox:epoch"
# how long a message may lie unclaimed; SQL over `visibility`, for the number of times it was sent before
VISIBLE_AGAIN = "least(make_interval(secs => %(visibility)s) * (2 ^ least({sent}, 20)), interval '6 hours')"

Enqueue = Callable[[str, Sequence[int]], None]


def dispatch(*, client: "redis.Redis", enqueue: Enqueue) -> int:
    """Send what is due, as far as the window has room; return how many deliveries were sent.

    Rows are committed first and sent after: what is lost in between is due again by itself.
    """
    return sum(_dispatch_queue(QUEUES[name], client, enqueue) for name in due_queues())


def due_queues() -> list[str]:
    """Return the queues in which something is due, the most important first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT name FROM unnest(%s::text[]) WITH ORDINALITY AS q(name, place)
                WHERE EXISTS (SELECT FROM {DELIVERY} d
                              WHERE d.queue = q.name AND d.state IN (0, 2) AND d.available_at <= now())
                ORDER BY place""",
            [list(QUEUES)],
        )
        return [row[0] for row in cursor.fetchall()]


def take_due(*, queue: str, room: int) -> list[int]:
    """Mark up to `room` due deliveries of a queue as sent and return their ids, most urgent first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH due AS (
                  SELECT d.id, row_number() OVER (ORDER BY d.priority, d.available_at, d.id) AS place
                  FROM (SELECT * FROM {DELIVERY} d
                        WHERE d.queue = %(queue)s AND d.state IN (0, 2) AND d.available_at <= now()
                          AND {NOTHING_EARLIER_OPEN}
                        ORDER BY d.priority, d.available_at, d.id LIMIT %(room)s
                        FOR UPDATE SKIP LOCKED) d),
                sent AS (
                  UPDATE {DELIVERY} d
                  SET dispatches = d.dispatches + 1,
                      available_at = now() + {VISIBLE_AGAIN.format(sent="d.dispatches")}
                  FROM due WHERE d.id = due.id RETURNING d.id, due.place)
                SELECT id FROM sent ORDER BY place""",
            {"queue": queue, "room": room, "visibility": VISIBILITY},
        )
        return [row[0] for row in cursor.fetchall()]


def check_epoch(*, client: "redis.Redis", fresh: str, known: str = "") -> tuple[int, str]:
    """Notice a Redis that forgot everything and make what it held due now.

    `fresh` is a random word for a Redis that has none; `known` is the one that the caller's last check
    returned. Returns how many deliveries are due again, and Redis' word. It is kept in PostgreSQL, so a
    restarted relay notices too, and of two relays only the one that changes the row acts.
    """
    found = client.get(EPOCH)
    if found is None:
        client.set(EPOCH, fresh, nx=True)
        found = client.get(EPOCH) or fresh
    epoch = found.decode() if isinstance(found, bytes) else found
    if epoch == known:
        return 0, epoch
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH changed AS (
                  UPDATE workers_relaystate SET epoch = %(epoch)s WHERE id = 1 AND epoch <> %(epoch)s RETURNING 1)
                UPDATE {DELIVERY} SET available_at = now()
                WHERE EXISTS (SELECT FROM changed)
                  AND state IN (0, 2) AND dispatches > 0 AND available_at > now()""",
            {"epoch": epoch},
        )
        return int(cursor.rowcount), epoch


def _dispatch_queue(queue: Queue, client: "redis.Redis", enqueue: Enqueue) -> int:
    room = WINDOW - int(client.hlen(f"dramatiq:{queue.name}.msgs"))
    if room <= 0:
        return 0
    ids = take_due(queue=queue.name, room=room)
    size = queue.batch if len(ids) > BACKLOG else 1
    for start in range(0, len(ids), size):
        try:
            enqueue(queue.name, ids[start : start + size])
        except Exception:
            _give_back(ids=ids[start:])
            raise
    return len(ids)


def _give_back(*, ids: Sequence[int]) -> None:
    """What Redis did not take is due again at once, not after the visibility timeout."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {DELIVERY} SET available_at = now(), dispatches = greatest(dispatches - 1, 0)
                WHERE id = ANY(%s) AND state IN (0, 2)""",
            [list(ids)],
        )
