"""Let every log line say which request, event and handler it belongs to."""

import logging

from commerce.events import chain

_WORKER = "worker:"


class Ids(logging.Filter):
    """Add `request_id`, `event_id` and `handler` to a record, and `ids`, which has them in words."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add them; every record passes."""
        found = chain.current()
        actor = found.acting if found and isinstance(found.acting, str) else ""  # never asked for in vain
        record.request_id = str(found.correlation_id) if found else ""
        record.event_id = str(found.causation_id) if found and found.causation_id else ""
        record.handler = actor.removeprefix(_WORKER) if actor.startswith(_WORKER) else ""
        named = {"request": record.request_id, "event": record.event_id, "handler": record.handler}
        record.ids = "".join(f" {name}={value}" for name, value in named.items() if value)
        return True
