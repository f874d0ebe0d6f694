"""Let every log line say which request, event and handler it belongs to, and nothing about people."""

import json
import logging
from datetime import UTC, datetime

from commerce.events import chain
from config import redaction

_WORKER = "worker:"
_IDS = ("request_id", "event_id", "handler")


class Ids(logging.Filter):
    """Add `request_id`, `event_id` and `handler` to a record, and `ids`, which has them in words."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add them; every record passes."""
        found = chain.current()
        actor = found.acting if found and isinstance(found.acting, str) else ""  # never asked for in vain
        of_request = getattr(
            getattr(record, "request", None), "correlation_id", ""
        )  # Django's own lines come after
        named = {
            "request": str(found.correlation_id if found else of_request),
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


class Lines(logging.Formatter):
    """One JSON object on one line for each record, without personal data: what production writes on stdout."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. Ids that a record has not are left out."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redaction.scrub(record.getMessage()),
            **{name: value for name in _IDS if (value := getattr(record, name, ""))},
            "process": record.process,
            "thread": record.threadName,
        }
        if record.exc_info:
            said["exception"] = redaction.scrub(self.formatException(record.exc_info))
        if record.stack_info:
            said["stack"] = redaction.scrub(self.formatStack(record.stack_info))
        return json.dumps(said, ensure_ascii=False)
