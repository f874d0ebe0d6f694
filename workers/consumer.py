"""Workers that sleep inside Redis: an idle one costs next to nothing and begins at once.

Dramatiq asks for messages again and again. Ours asks, and when there are none it waits in the server for the
queue's own list: BLMOVE from its tail to its tail changes nothing and returns as soon as there is something.
The list is the signal, so no wake-up can be lost, senders need not know, and all processes that wait are told;
the first takes the message, the others wait again. Every `POLL` seconds each looks for itself all the same.
"""

import threading
import time
from typing import Any

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.common import q_name
from dramatiq.errors import ConnectionClosed
from dramatiq.middleware import Middleware
from redis.backoff import NoBackoff
from redis.retry import Retry

from workers.server import client, with_timeouts

POLL = 5.0  # seconds between two looks at an idle queue; each look is also this process's sign of life
ANSWER = 5.0  # seconds of patience with a silent server
_BREATH = 0.1  # seconds between two looks of a worker that leaves
_TROUBLE = (redis.ConnectionError, redis.TimeoutError)


class Broker(RedisBroker):
    """Dramatiq's broker with consumers that wait in the server instead of asking again and again."""

    def __init__(self, *, url: str, poll: float = POLL, **options: Any) -> None:
        super().__init__(url=with_timeouts(url=url, connect=1, answer=ANSWER), **options)  # type: ignore[no-untyped-call]
        self.url, self.poll = url, poll
        self.leaving = threading.Event()
        self.waiting: set[int] = set()  # the server's numbers of our connections that wait in it
        self.add_middleware(_Leave())

    @property
    def consumer_class(self) -> "type[Consumer]":
        return Consumer

    def leave(self) -> None:
        """Take nothing more and end all waiting. If the server does not help, a wait ends by itself."""
        self.leaving.set()
        ends = time.monotonic() + ANSWER
        server = client(url=self.url, connect=1, answer=1)
        while self.waiting and time.monotonic() < ends:
            try:
                for number in tuple(self.waiting):  # one that is about to wait is reached in the next round
                    server.client_unblock(number)
            except redis.RedisError:
                return
            time.sleep(0.01)


class Consumer(_RedisConsumer):
    """Reads one queue for one process."""

    def __init__(self, broker: Broker, queue_name: str, prefetch: int, timeout: int) -> None:
        super().__init__(broker, queue_name, prefetch, timeout)  # type: ignore[no-untyped-call]
        self.timeout = 0  # Dramatiq's own pause between two looks; we wait below
        self._room = threading.Event()
        self._server: redis.Redis | None = None
        self._number = 0

    def ack(self, message: "dramatiq.MessageProxy") -> None:
        try:
            super().ack(message)  # type: ignore[no-untyped-call]
        finally:
            self._room.set()

    def nack(self, message: "dramatiq.MessageProxy") -> None:
        try:
            super().nack(message)  # type: ignore[no-untyped-call]
        finally:
            self._room.set()

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def __next__(self) -> "dramatiq.MessageProxy | None":
        try:
            if self.broker.leaving.is_set() and not self.message_cache:
                self.broker.do_fetch(self.queue_name, 0)  # a sign of life that takes nothing
                time.sleep(_BREATH)
                return None
            message: dramatiq.MessageProxy | None = super().__next__()  # type: ignore[no-untyped-call]
            if message is None:
                self._wait()
            return message
        except _TROUBLE as trouble:
            raise ConnectionClosed(trouble) from None  # type: ignore[no-untyped-call]

    def _wait(self) -> None:
        if self.outstanding_message_count >= self.prefetch:
            self._wait_for_room()
        elif self.queue_name != q_name(self.queue_name):  # for delayed messages, which we do not send
            self.broker.leaving.wait(self.broker.poll)
        else:
            self._wait_for_messages()

    def _wait_for_room(self) -> None:
        self._room.clear()
        if self.outstanding_message_count >= self.prefetch:
            self._room.wait(1)  # asks nobody: it only lets a stopped thread leave

    def _wait_for_messages(self) -> None:
        if self._server is None:
            self._server = self._connect()
            self._number = int(self._server.client_id())
        messages = f"{self.broker.namespace}:{self.queue_name}"
        self.broker.waiting.add(self._number)
        try:
            if not self.broker.leaving.is_set():
                self._server.blmove(messages, messages, self.broker.poll, "RIGHT", "RIGHT")
        finally:
            self.broker.waiting.discard(self._number)

    def _connect(self) -> "redis.Redis":
        return redis.Redis.from_url(
            with_timeouts(url=self.broker.url, connect=1, answer=self.broker.poll + ANSWER),
            single_connection_client=True,
            retry=Retry(NoBackoff(), 0),  # a new connection would have another number
        )


class _Leave(Middleware):
    def before_worker_boot(self, broker: Broker, worker: "dramatiq.Worker") -> None:  # type: ignore[override]
        broker.leaving.clear()

    def before_worker_shutdown(self, broker: Broker, worker: "dramatiq.Worker") -> None:  # type: ignore[override]
        broker.leave()
