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
        named = {
            "request": str(found.correlation_id) if found else "",
            "event": str(found.causation_id) if found and found.causation_id else "",
            "handler": actor.removeprefix(_WORKER) if actor.startswith(_WORKER) else "",
        }
        record.__dict__ |= {
            "request_id": named["request"],
            "event_id": named["event"],
            "handler": named["handler"],
            "ids": "".join(f" {name}={value}" for name, value in named.items() if value),
        }
        return True
