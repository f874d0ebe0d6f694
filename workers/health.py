"""How far the workers are behind, from PostgreSQL alone, and whether the broker answers."""

from typing import TypedDict

from django.conf import settings
from django.db import connection

from workers.dispatch import VISIBILITY
from workers.server import client
from workers.sql import DELIVERY, OUTBOX

LATE = 60  # seconds


class Lag(TypedDict):
    """Seconds since a relay lived (None: never), ages of what waits longest, and how many deliveries are dead."""

    relay: float | None
    outbox: float
    due: float
    dead: int


def lag() -> Lag:
    """Return how far relay and workers are behind; four small index scans in one statement.

    Each sending without a claim moved a delivery's due time on: the age counts from the first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT
                  (SELECT extract(epoch FROM now() - heartbeat_at)::float FROM workers_relaystate WHERE id = 1),
                  (SELECT extract(epoch FROM now() - occurred_at)::float FROM {OUTBOX}
                   WHERE fanned_out_at IS NULL ORDER BY id LIMIT 1),
                  (SELECT extract(epoch FROM max(now() - available_at
                            + make_interval(secs => %s) * (2 ^ least(dispatches, 8) - 1)))::float
                   FROM {DELIVERY}
                   WHERE state IN (0, 2) AND (dispatches > 0 OR available_at <= now())),
                  (SELECT count(*) FROM {DELIVERY} WHERE state = 4)""",
            [VISIBILITY],
        )
        relay, outbox, due, dead = cursor.fetchone()
    return {
        "relay": None if relay is None else round(relay, 1),
        "outbox": round(max(outbox or 0.0, 0.0), 1),
        "due": round(due or 0.0, 1),
        "dead": dead,
    }


def late(lag: Lag) -> bool:
    """Tell whether somebody should look: nobody relays, or something waits for more than a minute."""
    return lag["relay"] is None or max(lag["relay"], lag["outbox"], lag["due"]) > LATE


def ping_broker() -> None:
    """Ask the broker's server for a sign of life.

    Raises:
        redis.RedisError: it gave none.
    """
    client(url=settings.BROKER_URL, connect=0.5, answer=0.5).ping()
