"""How fast facts are recorded, beside plain INSERTs of the same rows by PostgreSQL's own pgbench."""

import threading
import time
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from commerce.events import outbox, types
from tools.bench import pgbench

ROW = """
\\set number random(1, 1000000000)
INSERT INTO commerce_outboxevent (event_id, type, version, aggregate_type, aggregate_id, payload,
                                  correlation_id, trace, actor, occurred_at)
VALUES ({uuid}(), 'order.paid', 1, 'order', :number,
        '{{"order_id": 1, "number": "20261124-0000001", "total": 1000, "currency": "KRW"}}',
        gen_random_uuid(), '{{}}', 'system', now());
"""


@dataclass(frozen=True)
class Rate:
    """Facts in a second, and which part of a processor our own process used for them."""

    rate: float
    ours: float


def paid(number: int) -> types.OrderPaid:
    """Return a fact; each tells of another order."""
    return types.OrderPaid(
        order_id=number, number="20261124-0000001", total=1000, currency="KRW", occurred_at=timezone.now()
    )


def record(*, threads: int, seconds: float) -> Rate:
    """Record facts, each in a transaction of its own, from threads of this process."""
    counts = [0] * threads
    ends = time.monotonic() + seconds
    begin, used = time.monotonic(), time.process_time()
    crew = [threading.Thread(target=_record, args=(counts, n, ends)) for n in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    taken = time.monotonic() - begin
    return Rate(rate=sum(counts) / taken, ours=(time.process_time() - used) / taken)


def _record(counts: list[int], mine: int, ends: float) -> None:
    try:
        while time.monotonic() < ends:
            with transaction.atomic():
                outbox.record(paid(counts[mine]))
            counts[mine] += 1
    finally:
        connection.close()


def plain(*, clients: int, seconds: int) -> float:
    """Return the rows in a second that pgbench inserts, prepared and one to a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        uuid = "uuidv7" if int(cursor.fetchone()[0]) >= 180000 else "gen_random_uuid"
    return pgbench.rate(
        script=ROW.format(uuid=uuid), clients=clients, protocol="prepared", variables={}, seconds=seconds
    )
