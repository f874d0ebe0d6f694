"""What the fault tests' workers run: the real actors over the story's handlers, on the broker of the test."""

import os
from pathlib import Path

import dramatiq
from django.db import connections as databases

from workers import actors, connections, deliveries
from workers import broker as brokers
from workers.jobs import QUEUES
from workers.tests.chaos import controls, points, routes

dramatiq.worker.QUEUE_PREFETCH = int(os.environ.get("CHAOS_PREFETCH", "0"))
broker = brokers.build(url=os.environ["BROKER_URL"])
dramatiq.set_broker(broker)
controls.switch_off(os.environ.get("CHAOS_WITHOUT", ""))
routes.learn()
databases.settings["default"].setdefault("OPTIONS", {})["options"] = (
    f"-c idle_in_transaction_session_timeout={os.environ.get('CHAOS_IDLE', '30000')}"
)
ACTORS = actors.declare(broker=broker, handlers=routes.handlers(), queues=QUEUES.values())
connections.keep_open()


_mark = deliveries.done


def _mark_and_reach(*, claim: deliveries.Claim) -> None:
    _mark(claim=claim)
    points.reach("marked")


deliveries.done = _mark_and_reach


class Reached(dramatiq.Middleware):
    """The moment when the work is committed and Redis does not know it yet."""

    def after_process_message(self, _broker, _message, *, result=None, exception=None) -> None:
        points.reach("unacknowledged")


broker.add_middleware(Reached())


@dramatiq.actor(broker=broker, queue_name="naive", max_retries=20, min_backoff=100, max_backoff=100)
def naive(n: int) -> None:
    """What Dramatiq offers by itself: this fails once, and Dramatiq tries it again."""
    folder = Path(os.environ[points.FOLDER])
    if (folder / "failed once").exists():
        (folder / "done by Dramatiq").touch()
        return
    (folder / "failed once").touch()
    points.reach("naive")
    raise RuntimeError(n)
