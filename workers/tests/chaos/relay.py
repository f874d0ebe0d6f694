"""What the fault tests' relays run: the real loop over the story's routes, on the broker of the test."""

import os
import signal
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from commerce.events.types import UnpaidOrdersDue
from workers import broker as brokers
from workers import connections, fanout, schedule
from workers.actors import declare
from workers.jobs import QUEUES
from workers.relay import Relay
from workers.schedule import Job
from workers.server import client
from workers.tests.chaos import controls, points, routes


def main() -> None:
    """Relay until SIGTERM. The shop's schedule stays silent, but for one job every `CHAOS_EVERY` seconds."""
    url = os.environ["BROKER_URL"]
    broker = brokers.build(url=url)
    controls.switch_off(os.environ.get("CHAOS_WITHOUT", ""))
    routes.learn()
    actors = declare(broker=broker, handlers=routes.handlers(), queues=QUEUES.values())
    schedule.JOBS.clear()
    if every := os.environ.get("CHAOS_EVERY"):
        schedule.JOBS[UnpaidOrdersDue.name] = Job(UnpaidOrdersDue, f"every {every} s")
    connections.keep_open()

    def enqueue(queue: str, ids: Sequence[int]) -> None:
        points.reach("dispatched")
        broker.enqueue(actors[queue].message(*ids))
        points.reach("enqueued")

    fan_out = fanout.fan_out

    @transaction.atomic
    def slow_fan_out(**arguments: Any) -> int:
        found = fan_out(**arguments)
        if found:
            points.reach("fanned out")
        return found

    fanout.fan_out = slow_fan_out
    loop = Relay(client=client(url=url, connect=1, answer=2), enqueue=enqueue, routes=routes.routes())
    signal.signal(signal.SIGTERM, lambda *_: loop.stop())
    loop.run()
