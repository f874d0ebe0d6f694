"""What must be true when everything has settled, whatever happened on the way."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection

EFFECTS = """CREATE TABLE IF NOT EXISTS chaos_effect
             (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, handler text, n int, key text)"""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is wrong; each by the event's number, with its handler. Empty: the promises were kept."""

    forgotten: set[int] = field(default_factory=set)  # committed for its producer, and gone
    missing: set[tuple[int, str]] = field(default_factory=set)  # no delivery
    open: set[tuple[int, str]] = field(default_factory=set)  # neither done nor dead
    dead: set[tuple[int, str]] = field(default_factory=set)
    lost: set[tuple[int, str]] = field(default_factory=set)  # done without an effect
    doubled: set[tuple[int, str]] = field(default_factory=set)
    premature: set[tuple[int, str]] = field(default_factory=set)  # an effect without being done
    overtaken: set[tuple[str, int, int]] = field(default_factory=set)  # key, earlier and later number


def verdict(
    *, acknowledged: Collection[int], handlers: Collection[str], ordered: Collection[str] = ()
) -> Verdict:
    """Compare outbox, deliveries and effects with what producers were told."""
    events = {n for (n,) in _rows("SELECT (payload->>'n')::int FROM commerce_outboxevent")}
    states = {
        (n, handler): state
        for n, handler, state in _rows(
            """SELECT (e.payload->>'n')::int, d.handler, d.state
               FROM workers_delivery d JOIN commerce_outboxevent e ON e.id = d.event_id"""
        )
    }
    effects = Counter(_rows("SELECT n, handler FROM chaos_effect"))
    done = {what for what, state in states.items() if state == 3}
    seen = {what for what in done if what[1] not in ("chaos.outside", "chaos.mail")}
    return Verdict(
        forgotten=set(acknowledged) - events,
        missing={(n, handler) for n in events for handler in handlers} - set(states),
        open={what for what, state in states.items() if state in (0, 1, 2)},
        dead={what for what, state in states.items() if state == 4},
        lost=seen - set(effects),
        doubled={what for what, count in effects.items() if count > 1},
        premature=set(effects) - done,
        overtaken={pair for handler in ordered for pair in _overtaken(handler)},
    )


def _overtaken(handler: str) -> list[tuple[str, int, int]]:
    """Return pairs of one key whose effects came in another order than their events."""
    return _rows(
        """SELECT a.key, a.n, b.n FROM chaos_effect a
           JOIN chaos_effect b ON a.key = b.key AND a.handler = b.handler AND a.n < b.n AND a.id > b.id
           WHERE a.handler = %s""",
        [handler],
    )


def _rows(sql: str, parameters: Collection[object] = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return cursor.fetchall()
