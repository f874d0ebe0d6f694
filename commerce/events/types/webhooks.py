"""What we tell other systems."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.events.base import Event, fact


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointDisabled(Event):
    """The shop itself stopped sending to a merchant's address; `reason` is `gone` or `failing`."""

    name: ClassVar[str] = "webhook_endpoint.disabled"
    aggregate: ClassVar[tuple[str, str]] = ("webhook_endpoint", "endpoint_id")
    endpoint_id: int
    reason: str
