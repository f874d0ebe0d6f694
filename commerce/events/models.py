"""The outbox: every fact of the shop, in the order in which each aggregate lived it."""

from django.db import models
from django.db.models import Q


class OutboxEvent(models.Model):
    """A recorded fact. `commerce.events.outbox` inserts, the relay flags, retention deletes; nobody else writes."""

    event_id = models.UUIDField(unique=True)
    type = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    aggregate_type = models.CharField(max_length=40)
    aggregate_id = models.CharField(max_length=64)
    payload = models.JSONField()
    correlation_id = models.UUIDField()
    causation_id = models.UUIDField(null=True)
    trace = models.JSONField(default=dict)
    actor = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    fanned_out_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["aggregate_type", "aggregate_id", "id"], name="outbox_aggregate"),
            models.Index(fields=["id"], name="outbox_waiting", condition=Q(fanned_out_at=None)),
            models.Index(fields=["type", "id"], name="outbox_type"),
            models.Index(fields=["occurred_at", "id"], name="outbox_time"),
            models.Index(fields=["correlation_id", "id"], name="outbox_chain"),
            models.Index(
                fields=["actor", "id"], name="outbox_person", condition=Q(actor__startswith="user:")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.aggregate_id}"
