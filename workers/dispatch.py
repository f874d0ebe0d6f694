"""From deliveries to Redis: a bounded window, so that priority, delays and truth stay in PostgreSQL."""

from collections.abc import Callable, Sequence

import redis
from django.db import connection

from workers import keys
from workers.jobs import QUEUES, Queue
from workers.sql import DELIVERY, NOTHING_EARLIER_OPEN

WINDOW = 500  # messages of one queue that Redis may hold
VISIBILITY = 120  # seconds until a message that nobody claimed is sent again; doubles with each sending
LOOK = 1000  # due rows that one look sees beyond those it has room for
LOOK_EACH = 200  # and of each handler, where handlers have limits of their own
LOOKS = 5  # in one turn
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
    """Mark up to `room` due deliveries of a queue as sent and return their ids, most urgent first.

    Where a queue has a limit for each handler, so many of one are on their way or running, and every handler
    has its first turn before any has its second. One look sees a bounded number of rows: those that wait for an
    earlier one of their key are asked to stand aside when they are so many that others may wait behind them.
    """
    for _look in range(LOOKS):
        ids, waiting = _look_and_take(QUEUES[queue], room)
        aside = keys.step_aside(ids=waiting) if waiting else 0
        if ids or not aside:
            break
    return ids


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


def _look_and_take(queue: Queue, room: int) -> tuple[list[int], list[int]]:
    """Return what was taken, and what waits for an earlier one if the look ended before the rows did."""
    lanes, of_lane = (_LANES, "AND d.handler = l.handler") if queue.each else (_ONE_LANE, "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH RECURSIVE {lanes},
                looked AS MATERIALIZED (
                  SELECT l.handler AS lane, l.room, d.id, d.priority, d.available_at,
                         {NOTHING_EARLIER_OPEN} AS free, count(*) OVER (PARTITION BY l.handler) AS seen
                  FROM lanes l CROSS JOIN LATERAL (
                    SELECT * FROM {DELIVERY} d
                    WHERE d.queue = %(queue)s AND d.state IN (0, 2) AND d.available_at <= now() {of_lane}
                    ORDER BY d.priority, d.available_at, d.id LIMIT %(look)s) d
                  WHERE l.room > 0),
                free AS (
                  SELECT id, room, row_number() OVER (PARTITION BY lane ORDER BY priority, available_at, id) AS turn
                  FROM looked WHERE free),
                due AS (
                  SELECT d.id, row_number() OVER (ORDER BY d.turn, d.priority, d.available_at, d.id) AS place
                  FROM (SELECT d.id, d.priority, d.available_at, f.turn
                        FROM {DELIVERY} d JOIN free f ON f.id = d.id
                        WHERE d.id = ANY (array(SELECT id FROM free WHERE turn <= room))  -- by its index
                          AND d.state IN (0, 2) AND d.available_at <= now()
                        ORDER BY f.turn, d.priority, d.available_at, d.id LIMIT %(room)s
                        FOR UPDATE OF d SKIP LOCKED) d),
                sent AS (
                  UPDATE {DELIVERY} d
                  SET dispatches = d.dispatches + 1,
                      available_at = now() + {VISIBLE_AGAIN.format(sent="d.dispatches")}
                  FROM due WHERE d.id = due.id RETURNING d.id, due.place)
                SELECT array(SELECT id FROM sent ORDER BY place),
                       array(SELECT id FROM looked WHERE NOT free AND seen >= %(look)s)""",
            {
                "queue": queue.name,
                "room": room,
                "each": queue.each,
                "look": LOOK_EACH if queue.each else room + LOOK,
                "visibility": VISIBILITY,
            },
        )
        taken, waiting = cursor.fetchone()
        return list(taken), list(waiting)


_ONE_LANE = "lanes AS (SELECT '' AS handler, %(look)s AS room)"
# Each handler for which something waits, found by leaps, and how many more of it may be sent.
_LANES = f"""
    names AS (
      (SELECT handler FROM {DELIVERY} WHERE queue = %(queue)s AND state IN (0, 2) ORDER BY handler LIMIT 1)
      UNION ALL
      SELECT (SELECT d.handler FROM {DELIVERY} d
              WHERE d.queue = %(queue)s AND d.state IN (0, 2) AND d.handler > n.handler
              ORDER BY d.handler LIMIT 1)
      FROM names n WHERE n.handler IS NOT NULL),
    busy AS MATERIALIZED (
      SELECT handler, count(*) AS number
      FROM (SELECT handler FROM {DELIVERY} WHERE state = 1
            UNION ALL
            SELECT handler FROM {DELIVERY}
            WHERE queue = %(queue)s AND state IN (0, 2) AND dispatches > 0 AND available_at > now()) b
      GROUP BY handler),
    lanes AS (
      SELECT n.handler, %(each)s - coalesce(b.number, 0) AS room
      FROM names n LEFT JOIN busy b ON b.handler = n.handler WHERE n.handler IS NOT NULL)
"""
