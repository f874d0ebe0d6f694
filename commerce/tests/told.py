"""What the outbox holds, as tests compare it."""

from typing import Any

from commerce.events.models import OutboxEvent


def told(*types: str) -> list[dict[str, Any]]:
    """Return the payloads of all facts of these types, in the order in which they were recorded."""
    return [row.payload for row in rows(*types)]


def rows(*types: str) -> list[OutboxEvent]:
    """Return all facts of these types as they are stored, in order."""
    return list(OutboxEvent.objects.filter(type__in=types).order_by("pk"))


def names(*, after: int = 0) -> list[str]:
    """Return the types of all facts behind the id `after`, in order."""
    return list(OutboxEvent.objects.filter(pk__gt=after).order_by("pk").values_list("type", flat=True))


def latest() -> int:
    """Return the id of the newest fact; 0 when there is none."""
    row = OutboxEvent.objects.order_by("-pk").first()
    return row.pk if row else 0
