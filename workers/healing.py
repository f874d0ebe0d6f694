"""Times that cannot be: what a clock leaves behind that ran ahead and came back, or went back.

A due time or a lease far in the future would hold its delivery for as long as the clock was wrong.
"""

from django.db import connection, transaction

from workers import dispatch
from workers.backoff import LONGEST_ASKED
from workers.jobs import QUEUES
from workers.sql import DELIVERY

SLACK = 60  # seconds by which clocks may differ when another server takes over


@transaction.atomic
def heal() -> tuple[int, int]:
    """Mend due times and leases beyond what any step may set; return how many of each.

    A delivery whose due time is impossible is due now: a try too early is harmless, one too late is not. Who
    holds an impossible lease may be alive, so it gets a whole lease from now.
    """
    return _due_times(), _leases()


def _due_times() -> int:
    """A row made or claimed in the future was written by a clock that has gone back since."""
    return _execute(
        f"""UPDATE {DELIVERY} SET available_at = now()
            WHERE state IN (0, 2) AND available_at > now() + make_interval(secs => %(slack)s)
              AND (greatest(created_at, claimed_at) > now() + make_interval(secs => %(slack)s)
                   OR available_at > now() + make_interval(secs => %(slack)s) + CASE
                        WHEN dispatches > 0 THEN {dispatch.VISIBLE_AGAIN.format(sent="dispatches - 1")}
                        ELSE make_interval(secs => %(longest)s) END)""",
        {"slack": SLACK, "longest": LONGEST_ASKED, "visibility": dispatch.VISIBILITY},
    )


def _leases() -> int:
    return _execute(
        f"""UPDATE {DELIVERY} SET lease_until = now() + make_interval(secs => %(lease)s)
            WHERE state = 1 AND lease_until > now() + make_interval(secs => %(lease)s + %(slack)s)""",
        {"slack": SLACK, "lease": max(queue.lease for queue in QUEUES.values())},
    )


def _execute(sql: str, parameters: dict[str, float]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
