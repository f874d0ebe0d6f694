"""Minutes become seconds: the same machine, only faster."""

import os
from dataclasses import replace
from functools import partial

from workers import backoff, deliveries, dispatch, relay
from workers.jobs import QUEUES


def shorten() -> None:
    """Shorten every time of this process; in seconds, and a test may ask for others."""
    for name, queue in QUEUES.items():
        QUEUES[name] = replace(queue, limit=8, lease=_asked("LEASE", 4))
    dispatch.VISIBILITY = _asked("VISIBILITY", 6)
    deliveries.DEAD_AFTER = _asked("DEAD_AFTER", deliveries.DEAD_AFTER)
    deliveries.release = partial(deliveries.release, seconds=1)
    backoff.BASE, backoff.FACTOR, backoff.CAP = 0.1, 2, 1.0
    relay.PAUSE, relay.HEAL = 0.1, 1.0


def _asked(name: str, usual: int) -> int:
    return int(os.environ.get(f"CHAOS_{name}", usual))
