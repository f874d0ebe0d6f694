"""Pieces of SQL that several steps share. The tables are named once."""

DELIVERY = "workers_delivery"
OUTBOX = "commerce_outboxevent"
ENDPOINT = "workers_webhookendpoint"

# An ordered delivery waits for every earlier open one of its handler and key; a dead one blocks its key.
NOTHING_EARLIER_OPEN = f"""
    (d.partition_key = '' OR NOT EXISTS (
        SELECT 1 FROM {DELIVERY} p
        WHERE p.handler = d.handler AND p.partition_key = d.partition_key AND p.partition_key <> ''
          AND p.state IN (0, 1, 2, 4) AND p.event_id < d.event_id))
"""

# A delivery begins anew, due now, in the queue its handler has today (a suspect leaves quarantine).
BEGIN_ANEW = """
    state = 0, attempts = 0, lost_leases = 0, dispatches = 0, available_at = now(), done_at = NULL,
    last_error = '', queue = coalesce(%(queues)s::jsonb ->> d.handler, d.queue)
"""
