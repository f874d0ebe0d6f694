"""Wake the relay after a commit. It only saves waiting time: the relay's poll finds the fact anyway."""

import time

import redis
from django.conf import settings

from workers.server import client

SUPPRESSED = 1000  # milliseconds: one wake-up is enough for a burst
PATIENCE = 0.2  # seconds that a shopper may wait for a silent Redis
OPEN = 5.0  # seconds without a further try after a failure
KICK, WAKE = "relay:kick", "relay:wake"

_closed_again = 0.0


def kick() -> None:
    """Wake the relay unless somebody just did; a Redis that fails is left alone for a while."""
    global _closed_again
    if time.monotonic() < _closed_again:
        return
    try:
        server = client(url=settings.BROKER_URL, connect=PATIENCE, answer=PATIENCE)
        if server.set(KICK, 1, nx=True, px=SUPPRESSED):
            server.lpush(WAKE, 1)
    except redis.RedisError:
        _closed_again = time.monotonic() + OPEN
