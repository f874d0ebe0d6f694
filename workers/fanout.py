"""From events to deliveries: one statement, so a crash leaves nothing half done."""

from django.db import connection, transaction

from workers.routing import ROUTES, Routes
from workers.sql import DELIVERY, ENDPOINT, OUTBOX
from workers.webhooks import catalogue

BATCH = 500  # events in one turn
_LOCK = 760_310_001  # any number that nobody else uses


def waiting(*, routes: Routes = ROUTES) -> bool:
    """Tell whether there is an event that this code can fan out, or that another relay just fans out."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {OUTBOX} WHERE fanned_out_at IS NULL AND type = ANY(%s))",
            [list(routes)],
        )
        return bool(cursor.fetchone()[0])


@transaction.atomic
def fan_out(*, routes: Routes = ROUTES, batch: int = BATCH) -> int:
    """Make the deliveries of up to `batch` waiting events, oldest first; return how many events were taken.

    Merchants' endpoints are read with it: each enabled one that chose the type gets a delivery `webhook:<id>`.
    Types that this code does not know stay for a newer relay. Relays take turns: with two batches under
    way a later event of a key could overtake an earlier one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        rows = [(type_, handler) for type_, handlers in routes.items() for handler in handlers]
        cursor.execute(
            f"""WITH routes AS (
                  SELECT * FROM unnest(%(types)s::text[], %(handlers)s::text[], %(queues)s::text[],
                                       %(priorities)s::smallint[], %(ordered)s::boolean[])
                                WITH ORDINALITY AS r(type, handler, queue, priority, ordered, place)
                  UNION ALL
                  SELECT t.type, 'webhook:' || w.id, 'webhooks', 0::smallint, w.ordered, %(places)s + w.id
                  FROM {ENDPOINT} w CROSS JOIN LATERAL unnest(w.types) AS t(type)
                  WHERE w.enabled AND t.type = ANY(%(public)s)),
                batch AS (
                  SELECT id, type, aggregate_id FROM {OUTBOX}
                  WHERE fanned_out_at IS NULL AND type = ANY(%(known)s)
                  ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED),
                made AS (
                  INSERT INTO {DELIVERY} (event_id, handler, queue, priority, partition_key)
                  SELECT b.id, r.handler, r.queue, r.priority, CASE WHEN r.ordered THEN b.aggregate_id ELSE '' END
                  FROM batch b JOIN routes r ON r.type = b.type
                  ORDER BY b.id, r.place
                  ON CONFLICT (event_id, handler) DO NOTHING)
                UPDATE {OUTBOX} e SET fanned_out_at = now() FROM batch b WHERE e.id = b.id""",
            {
                "types": [type_ for type_, _ in rows],
                "handlers": [handler.name for _, handler in rows],
                "queues": [handler.queue for _, handler in rows],
                "priorities": [handler.priority for _, handler in rows],
                "ordered": [handler.ordered for _, handler in rows],
                "places": len(rows),
                "known": list(routes),
                "public": sorted(catalogue.PUBLIC),
                "batch": batch,
            },
        )
        return int(cursor.rowcount)
