"""That the measurement runs; what it measures is no test's business."""

import re

import pytest

from commerce.orders.models import Order
from tools.bench import events
from tools.bench.tests.running import bench
from workers.tests.factories import an_order

RESULTS = (
    r"1 client, transaction each +\d+ +\d+ +\d+\.\d\d",
    r"8 clients, transaction each +\d+ +\d+ +\d+\.\d\d",
    r"our own process computes \d+% of the time",
    r"Dramatiq as it comes, no-op +\d+ +1\.00",
    r"fact to effect, no-op +\d+ +\d+\.\d\d",
    r"limit: relay \d+%, worker \d+%, PostgreSQL \d+% of a processor",
    r"commit to handler, idle: median \d+\.\d ms, p99 \d+\.\d ms",
    r"until fan-out begins -?\d+\.\d ms, until a worker claims \d+\.\d ms, claim \d+\.\d ms",
    r"idle relay and worker, in a second: \d+\.\d Redis commands",
    r"\d+ blocked connections",
)


def test_it_runs_and_tells_what_it_found(committed, valkey_server):
    done = bench("events", "--tiny", port=valkey_server.port)

    assert done.returncode == 0, done.stderr
    missing = [result for result in RESULTS if not re.search(result, done.stdout)]
    assert not missing, done.stdout


def test_it_leaves_a_shop_alone(committed, valkey):
    an_order()
    valkey.set("something", "of a shop")

    with pytest.raises(SystemExit, match="This database has orders"):
        events.measure(size=events.TINY)

    assert Order.objects.count() == 1
    assert valkey.get("something") == b"of a shop"


def test_nobody_measures_what_nobody_knows(valkey_server):
    done = bench("everything", port=valkey_server.port)

    assert done.returncode == 2
    assert "nobody measures everything" in done.stderr
