"""What Dramatiq does by itself, as it comes: `dramatiq tools.bench.raw`. It needs nothing of the shop."""

import os

import dramatiq
from dramatiq.brokers.redis import RedisBroker

broker = RedisBroker(url=os.environ["BENCH_BROKER_URL"])  # type: ignore[no-untyped-call]
dramatiq.set_broker(broker)


@dramatiq.actor(queue_name="raw")
def nothing(_number: int) -> None:
    pass
