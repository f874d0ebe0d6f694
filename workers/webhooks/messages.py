"""What is sent: the body of a fact and the headers around it. The same bytes in every try."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from workers.jobs import Fact, Permanent
from workers.webhooks import catalogue, signing

LIMIT = 20_000  # bytes of a body that Standard Webhooks advises
_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message before it is signed. `id` stays the same over retries and when it is sent again by hand."""

    id: str
    body: bytes
    traceparent: str = ""

    def headers(self, *, secrets: Sequence[str], now: datetime) -> dict[str, str]:
        """Return the headers of a try at `now`."""
        timestamp = int(now.timestamp())
        headers = {
            "content-type": "application/json",
            "user-agent": "Maru-Webhooks/1",
            "webhook-id": self.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signing.signatures(
                secrets=secrets, message_id=self.id, timestamp=timestamp, body=self.body
            ),
        }
        return headers | ({"traceparent": self.traceparent} if self.traceparent else {})


def of_fact(*, fact: Fact, message_id: str) -> Message:
    """Return the message of a public fact.

    Raises:
        Permanent: the fact is not for merchants, or is larger than receivers must accept.
    """
    kind = catalogue.PUBLIC.get(fact.type)
    if kind is None:
        raise Permanent(f"{fact.type} is not for merchants")
    body = _body(fact.type, fact.occurred_at, kind.data(fact.payload))
    if len(body) > LIMIT:
        raise Permanent(f"{len(body)} bytes are too much for a webhook")
    return Message(id=message_id, body=body, traceparent=_trace(fact))


def test(*, message_id: str, now: datetime) -> Message:
    """Return the message of the test button."""
    return Message(id=message_id, body=_body(catalogue.TEST, now, {"test": True}))


def _body(type_: str, at: datetime, data: dict[str, Any]) -> bytes:
    told = {"type": type_, "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _trace(fact: Fact) -> str:
    """Return the stored trace, or one whose trace id is the correlation id (W3C Trace Context, 3.2)."""
    stored = str(fact.trace.get("traceparent", ""))
    return (
        stored if _TRACEPARENT.match(stored) else f"00-{fact.correlation_id.hex}-{fact.event_id.hex[16:]}-00"
    )
