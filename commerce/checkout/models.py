"""Keys under which a request was made: it is carried out once, however often it comes."""

from django.db import models
from django.db.models import Q


class IdempotencyKey(models.Model):
    """A key that a caller chose, with what its request was and what was answered."""

    class State(models.TextChoices):
        IN_FLIGHT = "in_flight", "in flight"
        DONE = "done", "done"

    scope = models.CharField(max_length=80)  # who may use the key for what
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(
        max_length=64
    )  # SHA-256 of the request: another one under the key is refused
    state = models.CharField(max_length=10, choices=State.choices, default=State.IN_FLIGHT)
    work = models.UUIDField()  # what the request makes carries this id, so that a second try finds it
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField()  # a claim whose process died is taken over a while later
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once"),
            models.CheckConstraint(
                condition=Q(state="in_flight") | Q(status__isnull=False), name="idempotency_done_is_answered"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="idempotency_expiry")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
