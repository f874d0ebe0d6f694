"""Count the rare things that leave no row behind: a claim that came too late, a message that came twice."""

import logging

from django.db import DatabaseError, connection

from workers.models import Counter

logger = logging.getLogger(__name__)
FENCED = "fenced"  # a handler finished after its lease was taken over: its effects rolled back
DUPLICATES = "duplicates"  # ids in messages that somebody else held or had finished, or that wait their turn
LOST = "lost_leases"  # workers that vanished with a delivery


def add(*, name: str, label: str = "", number: int = 1) -> None:
    """Count on; one small statement. A database that refuses is not worth a failure: it is only a number."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO workers_counter AS c (name, label, value) VALUES (%s, %s, %s)
                   ON CONFLICT (name, label) DO UPDATE SET value = c.value + excluded.value""",
                [name, label, number],
            )
    except DatabaseError as trouble:
        logger.warning("%s of %s is not counted: %s", number, name, trouble)


def read(*, name: str) -> dict[str, int]:
    """Return how often, by label."""
    return dict(Counter.objects.filter(name=name).values_list("label", "value"))
