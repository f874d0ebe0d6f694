"""Those that wait in an ordered key: very many of them must not stand before everybody else's eyes.

Who waits for an earlier one of its key is looked at in vain. While such rows are few nobody minds. When they
fill a whole look of the relay they stand aside: due later, and called back when the one before them has ended.
Should nobody call (an older worker, a crash between two steps), they come back by themselves.
"""

from collections.abc import Sequence

from django.db import connection

from workers.sql import DELIVERY

NEXT = 1  # seconds that the next in line stands aside: the one before it may end at this very moment
BEHIND = 60  # seconds, up to twice as long, of everybody further behind
DEAD = 300  # seconds, up to twice as long, behind one that is dead: a person decides


def step_aside(*, ids: Sequence[int]) -> int:
    """Let deliveries that wait for an earlier one of their key be due later; return how many.

    Random times, so that they do not come back in one crowd.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {DELIVERY} d
                SET dispatches = 0, available_at = now() + make_interval(secs => CASE
                      WHEN line.head = 4 THEN %(dead)s * (1 + random())
                      WHEN line.length = 1 THEN %(next)s
                      ELSE %(behind)s * (1 + random()) END)
                FROM (SELECT id, handler, partition_key, event_id FROM {DELIVERY}
                      WHERE id = ANY(%(ids)s) AND state IN (0, 2) AND partition_key <> ''
                      ORDER BY id FOR UPDATE SKIP LOCKED) waiting
                CROSS JOIN LATERAL (
                  SELECT count(*) AS length, (array_agg(state ORDER BY event_id))[1] AS head
                  FROM (SELECT p.state, p.event_id FROM {DELIVERY} p
                        WHERE p.handler = waiting.handler AND p.partition_key = waiting.partition_key
                          AND p.partition_key <> '' AND p.state IN (0, 1, 2, 4) AND p.event_id < waiting.event_id
                        ORDER BY p.event_id LIMIT 2) first) line
                WHERE d.id = waiting.id AND line.length > 0""",
            {"ids": list(ids), "dead": DEAD, "next": NEXT, "behind": BEHIND},
        )
        return int(cursor.rowcount)


def call_back(*, ids: Sequence[int]) -> int:
    """Let who waits behind deliveries that have ended be due now, in each key the next; return how many stood aside.

    It may be called in vain: one that is due too early is harmless.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {DELIVERY} d SET available_at = now()
                FROM {DELIVERY} ended CROSS JOIN LATERAL (
                  SELECT n.id FROM {DELIVERY} n
                  WHERE n.handler = ended.handler AND n.partition_key = ended.partition_key
                    AND n.partition_key <> '' AND n.state IN (0, 1, 2, 4) AND n.event_id > ended.event_id
                  ORDER BY n.event_id LIMIT 1) next
                WHERE ended.id = ANY(%s) AND ended.partition_key <> ''
                  AND d.id = next.id AND d.state IN (0, 2) AND d.dispatches = 0 AND d.available_at > now()""",
            [list(ids)],
        )
        return int(cursor.rowcount)
