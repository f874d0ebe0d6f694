"""The numbers that a monitoring system scrapes, computed by SQL at that moment. Redis may be away."""

import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import accumulate
from typing import Any

from django.db import connection, transaction
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeHistogramMetricFamily,
    GaugeMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from workers import counters, health
from workers.backup import records
from workers.jobs import QUEUES
from workers.models import State
from workers.schedule import JOBS
from workers.sql import DELIVERY, OUTBOX

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
LONGEST = 2  # seconds that one statement may take
RECENT = 300  # seconds that "recently" means
AT_MOST = 20_000  # finished deliveries that are looked at
BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0, 21_600.0)  # seconds


def report() -> bytes:
    """Return all numbers as Prometheus' text.

    Raises:
        DatabaseError: PostgreSQL does not answer, or not in time.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Now())
    return generate_latest(registry)


class _Now(Collector):
    def describe(self) -> Iterable[Metric]:
        return []  # asked at registration: nothing is counted for that

    def collect(self) -> Iterator[Metric]:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}s'")
            found = [*_lag(), *_deliveries(), *_recently(), *_counted(), *_schedule(), *_backups(), *_feeds()]
        yield from found
        yield from _windows()
        yield _build()


def _lag() -> Iterator[Metric]:
    lag = health.lag()
    yield _one("maru_outbox_lag_seconds", "Age of the oldest fact that no relay has taken", lag["outbox"])
    if lag["relay"] is not None:
        yield _one("maru_relay_heartbeat_age_seconds", "Seconds since a relay lived", lag["relay"])
    ages = health.due_ages()
    yield _many(
        "maru_due_age_seconds",
        "Age of the oldest delivery that is due and not claimed",
        ["queue"],
        [((queue,), ages.get(queue, 0.0)) for queue in {**QUEUES, **ages}],
    )
    yield _many(
        "maru_dead_total",
        "Deliveries that were given up and wait for a person",
        ["handler"],
        [((handler,), dead) for handler, dead in lag["dead_by_handler"].items()],
    )


def _deliveries() -> Iterator[Metric]:
    rows = _rows(
        f"""SELECT state, handler, count(*) FROM {DELIVERY} WHERE state IN (0, 2) GROUP BY 1, 2
            UNION ALL SELECT state, handler, count(*) FROM {DELIVERY} WHERE state = 1 GROUP BY 1, 2
            UNION ALL SELECT state, handler, count(*) FROM {DELIVERY} WHERE state = 4 GROUP BY 1, 2
            UNION ALL SELECT state, handler, count(*) FROM ({_DONE}) done GROUP BY 1, 2
            ORDER BY 1, 2""",
        [RECENT, AT_MOST],
    )
    yield _many(
        "maru_deliveries",
        "Deliveries by state; done ones of the last five minutes",
        ["state", "handler"],
        [((State(state).label, handler), number) for state, handler, number in rows],
    )


_DONE = f"""SELECT d.state, d.handler, d.done_at, d.event_id FROM {DELIVERY} d
            WHERE d.state = 3 AND d.done_at > now() - make_interval(secs => %s)
            ORDER BY d.done_at DESC LIMIT %s"""


def _recently() -> Iterator[Metric]:
    yield _durations()
    failures = _rows(
        f"""SELECT d.handler, count(*) FROM workers_deliveryattempt a JOIN {DELIVERY} d ON d.id = a.delivery_id
            WHERE a.started_at > now() - make_interval(secs => %s) GROUP BY 1 ORDER BY 1""",
        [RECENT],
    )
    yield _many(
        "maru_failed_attempts",
        "Tries that failed within the last five minutes",
        ["handler"],
        [((handler,), number) for handler, number in failures],
    )


def _durations() -> Metric:
    """A histogram of the last five minutes: it does not only grow, so it is one of gauges."""
    rows = _rows(
        f"""SELECT handler, array_agg(bucket), sum(seconds) FROM (
              SELECT d.handler, extract(epoch FROM d.done_at - e.occurred_at)::float AS seconds,
                     width_bucket(extract(epoch FROM d.done_at - e.occurred_at)::float - 1e-7, %s::float[]) AS bucket
              FROM ({_DONE}) d JOIN {OUTBOX} e ON e.id = d.event_id) took
            GROUP BY handler ORDER BY handler""",
        [list(BUCKETS), RECENT, AT_MOST],
    )
    family = GaugeHistogramMetricFamily(
        "maru_e2e_seconds",
        "From the fact to the finished delivery, of the last five minutes",
        labels=["handler"],
    )
    bounds = [*(format(bound, "g") for bound in BUCKETS), "+Inf"]
    for handler, found, seconds in rows:
        counts = accumulate(found.count(place) for place in range(len(bounds)))
        family.add_metric([handler], list(zip(bounds, counts, strict=True)), round(seconds, 3))
    return family


def _counted() -> Iterator[Metric]:
    known = (
        (counters.LOST, "maru_lost_leases", "Workers that vanished with a delivery", "handler"),
        (counters.FENCED, "maru_fenced", "Effects rolled back, their lease was taken over", "handler"),
        (
            counters.DUPLICATES,
            "maru_duplicates_suppressed",
            "Ids in messages that were finished, held or had to wait their turn",
            "queue",
        ),
    )
    for name, title, text, label in known:
        family = CounterMetricFamily(title, text, labels=[label])
        for value, number in sorted(counters.read(name=name).items()):
            family.add_metric([value], number)
        yield family


def _schedule() -> Iterator[Metric]:
    rows = _rows(
        """SELECT name, greatest(extract(epoch FROM now() - next_at)::float, 0) FROM workers_schedule
           WHERE enabled AND name = ANY(%s) ORDER BY 1""",
        [list(JOBS)],
    )
    yield _many(
        "maru_schedule_lag_seconds",
        "Seconds that a job of the clock is late",
        ["job"],
        [((name,), lag) for name, lag in rows],
    )


def _backups() -> Iterator[Metric]:
    ages = records.ages()
    texts = {"backup": "Seconds since the newest backup", "drill": "Seconds since a backup was last proven"}
    for kind, text in texts.items():
        if kind in ages:
            name = "maru_backup_age_seconds" if kind == "backup" else "maru_backup_drill_age_seconds"
            yield _one(name, text, round(ages[kind], 1))


def _feeds() -> Iterator[Metric]:
    rows = _rows(
        "SELECT name, extract(epoch FROM now() - made_at)::float FROM commerce_feed ORDER BY name", []
    )
    ages: list[tuple[tuple[str, ...], float]] = [((name,), round(age, 1)) for name, age in rows]
    yield _many("maru_feed_age_seconds", "Seconds since a product feed was made", ["feed"], ages)


def _windows() -> Iterator[Metric]:
    found = health.windows()
    yield _one("maru_broker_up", "Whether Redis answers within 0.3 seconds", float(found is not None))
    yield _many(
        "maru_window_depth",
        "Messages that Redis holds",
        ["queue"],
        [((queue,), depth) for queue, depth in (found or {}).items()],
    )


def _build() -> Metric:
    versions = {name: version(name) for name in ("django", "wagtail", "dramatiq")}
    versions["python"] = platform.python_version()
    family = GaugeMetricFamily("maru_build_info", "What runs", labels=list(versions))
    family.add_metric(list(versions.values()), 1)
    return family


def _rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _many(name: str, text: str, labels: list[str], rows: list[tuple[tuple[str, ...], float]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    for values, number in rows:
        family.add_metric(list(values), number)
    return family
