"""A real relay and a real worker, as they run in production: a paid order becomes a mail."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from e2e.mails import FileMails, text_of, wait_for
from workers.models import Delivery, OutboundEmail
from workers.tests.factories import NOW, an_order, pay
from workers.tests.receiver import Receiver, verified
from workers.webhooks import endpoints
from workers.webhooks.endpoints import Settings

RELAY = ("manage.py", "relay_outbox")
WORKER = ("-m", "dramatiq", "workers.main", "-p", "1", "-t", "2", "--worker-shutdown-timeout", "5000")


@pytest.fixture
def environment(committed, valkey, tmp_path: Path) -> dict[str, str]:
    database = connection.settings_dict
    login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "PYTHONPATH": f"{settings.ROOT / 'site'}:{settings.ROOT}",
        "DATABASE_URL": f"postgres://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        "REDIS_URL": f"redis://127.0.0.1:{valkey.connection_pool.connection_kwargs['port']}/0",
        "BROKER_URL": f"redis://127.0.0.1:{valkey.connection_pool.connection_kwargs['port']}/1",
        "EMAIL_FOLDER": str(tmp_path),
        "SHOP_BASE_URL": "http://testserver",
        "DEBUG": "0",
        "dramatiq_worker_timeout": "100",
    }


@contextmanager
def running(command: tuple[str, ...], environment: dict[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen(
        [sys.executable, *command],
        env=environment,
        cwd=settings.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(condition, *, seconds: int = 120) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.1)


def test_a_paid_order_becomes_one_mail_and_both_processes_leave_politely(environment, tmp_path: Path):
    order = an_order()
    pay(order)

    with running(RELAY, environment) as relay, running(WORKER, environment) as worker:
        until(lambda: Delivery.objects.filter(handler="mail.order_paid", state=3).exists())
        mail = wait_for(FileMails(tmp_path), to="hana@example.com", containing=order.number)
        for process in (relay, worker):
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0

    assert f"http://testserver/orders/{order.token}/" in text_of(mail)
    assert len(FileMails(tmp_path).all()) == 1
    assert OutboundEmail.objects.get().state == "sent"


def test_a_worker_that_is_killed_loses_nothing(environment, tmp_path: Path):
    orders = [an_order() for _n in range(8)]
    with running(RELAY, environment):
        with running(WORKER, environment) as worker:
            for order in orders:
                pay(order)
            until(lambda: OutboundEmail.objects.exists())
            os.killpg(worker.pid, signal.SIGKILL)
        with connection.cursor() as cursor:  # a minute and two pass
            cursor.execute(
                """UPDATE workers_delivery SET lease_until = lease_until - interval '61 s',
                          available_at = available_at - interval '121 s' WHERE state IN (0, 1, 2)"""
            )
        with running(WORKER, environment):
            until(lambda: Delivery.objects.filter(handler="mail.order_paid", state=3).count() == 8)

    told = {
        order.number for order in orders if any(order.number in text_of(m) for m in FileMails(tmp_path).all())
    }
    assert told == {order.number for order in orders}
    assert OutboundEmail.objects.filter(state="sent").count() == 8


def test_a_paid_order_reaches_a_merchant_whose_server_is_down_at_first(environment, tmp_path: Path):
    with Receiver(script=[(503, {}, b"busy")]) as receiver:
        endpoint = endpoints.create(
            chosen=Settings(name="ERP", url=receiver.url, types=("order.paid",), ordered=True),
            by=None,
            now=NOW,
        )
        order = an_order()
        pay(order)

        with running(RELAY, environment), running(WORKER, environment):
            until(lambda: Delivery.objects.filter(handler=endpoint.handler, state=3).exists())

    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert json.loads(second.body)["data"]["number"] == order.number
    assert verified(first, endpoint.secret)
    assert verified(second, endpoint.secret)
    row = Delivery.objects.get(handler=endpoint.handler)
    assert (row.attempts, row.sent.status, row.failures.get().http_status) == (2, 200, 503)
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None
