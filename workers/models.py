"""The queue itself: PostgreSQL holds every delivery, Dramatiq only executes. Columns follow the state machine."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class State(models.IntegerChoices):
    """Where a delivery stands. The numbers are stored and used in SQL."""

    PENDING = 0, "pending"  # fanned out, not tried yet
    RUNNING = 1, "running"  # claimed: token and lease are set
    RETRY = 2, "retry"  # waits for `available_at`
    DONE = 3, "done"  # its effects were committed with it
    DEAD = 4, "dead"  # no tries left: a person decides; blocks its key when ordered
    CANCELLED = 5, "cancelled"


class Delivery(models.Model):
    """One event for one handler: inbox, retry and dead letter in one row."""

    event = models.ForeignKey("commerce.OutboxEvent", on_delete=models.PROTECT, db_index=False)
    handler = models.CharField(max_length=120)
    queue = models.CharField(max_length=40)
    priority = models.SmallIntegerField(db_default=0)
    partition_key = models.CharField(max_length=120, db_default="")  # empty: unordered
    state = models.SmallIntegerField(choices=State.choices, db_default=State.PENDING)
    attempts = models.IntegerField(db_default=0)  # claims that count
    lost_leases = models.IntegerField(db_default=0)  # claims whose worker vanished
    dispatches = models.IntegerField(db_default=0)  # messages sent since the last claim
    available_at = models.DateTimeField(db_default=Now())  # due time and visibility timeout
    lease_until = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)  # the fence
    claimed_at = models.DateTimeField(null=True)  # when the last try began
    last_error = models.TextField(db_default="")
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        permissions = [("steer_delivery", "Can see events and steer their deliveries")]
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["queue", "priority", "available_at"],
                name="delivery_due",
                condition=Q(state__in=[State.PENDING, State.RETRY]),
            ),
            models.Index(fields=["lease_until"], name="delivery_leased", condition=Q(state=State.RUNNING)),
            models.Index(
                fields=["handler", "partition_key", "event"],
                name="delivery_order",
                condition=Q(state__in=[State.PENDING, State.RUNNING, State.RETRY, State.DEAD])
                & ~Q(partition_key=""),
            ),
            models.Index(fields=["id"], name="delivery_dead", condition=Q(state=State.DEAD)),
            models.Index(fields=["done_at"], name="delivery_done", condition=Q(state=State.DONE)),
            models.Index(fields=["event"], name="delivery_cancelled", condition=Q(state=State.CANCELLED)),
            models.Index(
                fields=["handler", "-id"],
                name="delivery_webhook",  # the log of one endpoint
                condition=Q(handler__startswith="webhook:"),
            ),
            models.Index(
                fields=["handler", "priority", "available_at", "id"],
                name="delivery_lane",  # what one endpoint waits for
                condition=Q(state__in=[State.PENDING, State.RETRY]) & Q(queue="webhooks"),
            ),
            models.Index(
                fields=["handler"],
                name="delivery_sent",  # what is on its way to one
                condition=Q(state__in=[State.PENDING, State.RETRY])
                & Q(queue="webhooks")
                & Q(dispatches__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handler} of event {self.event_id}"


class DeliveryAttempt(models.Model):
    """A failed try, kept for thirty days."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="failures")
    n = models.IntegerField()
    started_at = models.DateTimeField()
    ms = models.IntegerField()
    error = models.TextField()
    http_status = models.SmallIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["started_at"], name="attempt_age")]

    def __str__(self) -> str:
        return f"try {self.n} of delivery {self.delivery_id}"


class Schedule(models.Model):
    """A periodic job. `workers.schedule` declares them; the relay fires what is due."""

    name = models.CharField(max_length=80, primary_key=True)
    spec = models.CharField(max_length=40)
    tz = models.CharField(max_length=40)
    next_at = models.DateTimeField()
    last_slot = models.DateTimeField(null=True)
    enabled = models.BooleanField(db_default=True)

    def __str__(self) -> str:
        return f"{self.name} {self.spec}"


class HandledEvent(models.Model):
    """A mark that outlives its delivery, for effects that must stay unique when old events are replayed."""

    event_id = models.UUIDField()
    handler = models.CharField(max_length=120)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "handler"], name="handled_once")]

    def __str__(self) -> str:
        return f"{self.handler} of {self.event_id}"


class OutboundEmail(models.Model):
    """A mail around the moment of SMTP: committed as `sending` before, as `sent` after."""

    class MailState(models.TextChoices):
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    idempotency_key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40)
    order = models.ForeignKey("commerce.Order", null=True, on_delete=models.SET_NULL, related_name="+")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    language = models.CharField(max_length=5)
    message_id = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.SENDING)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="mail_age")]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"


class WebhookEndpoint(models.Model):
    """A merchant's address that is told of chosen facts. Each fact becomes a delivery of handler `webhook:<id>`.

    The secrets are stored as they are: the worker must sign with them, and a key beside the database would
    protect no more than the database itself. They never leave it but in the one page after they were made:
    no list, log, form, history or `repr` has them.
    """

    class DisabledReason(models.TextChoices):
        BY_STAFF = "staff", _("Switched off here")
        GONE = "gone", _("The receiver said that it is gone (410)")
        FAILING = "failing", _("It failed for five days")

    name = models.CharField(_("Name"), max_length=80)
    url = models.CharField(_("Address"), max_length=500)
    types = ArrayField(models.CharField(max_length=80), verbose_name=_("Events"), default=list)
    ordered = models.BooleanField(_("Keep the order"), default=False)
    enabled = models.BooleanField(_("Enabled"), default=True)
    disabled_reason = models.CharField(max_length=10, choices=DisabledReason.choices, blank=True)
    disabled_at = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)  # no message was accepted from then on
    secret = models.CharField(max_length=120, editable=False)
    secret_since = models.DateTimeField(editable=False)
    previous_secret = models.CharField(max_length=120, blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, editable=False)  # until then both sign
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        default_permissions = ()
        permissions = [("manage_webhookendpoint", "Can manage webhooks")]

    def __str__(self) -> str:
        return self.name

    @property
    def handler(self) -> str:
        """Return the name of the handler that its deliveries carry."""
        return f"webhook:{self.pk}"


class WebhookTry(models.Model):
    """The last time that a delivery was sent to a receiver: what went out and what came back."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="sent")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="+", db_index=False)
    sent_at = models.DateTimeField()
    ms = models.IntegerField()
    url = models.CharField(max_length=500)
    headers = models.JSONField()
    body = models.TextField()
    status = models.SmallIntegerField(null=True)  # of HTTP; None: there was no answer
    response = models.TextField(blank=True)  # its first 2 kB
    error = models.CharField(max_length=500, blank=True)  # why there was no answer

    class Meta:
        indexes = [models.Index(fields=["endpoint", "-sent_at"], name="webhook_try_of")]

    def __str__(self) -> str:
        return f"delivery {self.delivery_id}: {self.status or self.error}"


class RelayState(models.Model):
    """The one row that relays share: which Redis they filled, and when one last lived."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    epoch = models.CharField(max_length=40, db_default="")
    heartbeat_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_relay_state")]

    def __str__(self) -> str:
        return f"epoch {self.epoch}"


class ReplayRun(models.Model):
    """Deliveries of one handler run again, in slices that each commit with the place they reached."""

    class RunState(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"

    handler = models.CharField(max_length=120)
    types = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.RUNNING)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    expected_again = models.IntegerField()
    expected_fresh = models.IntegerField()
    again = models.IntegerField(default=0)
    fresh = models.IntegerField(default=0)
    position = models.BigIntegerField()  # events up to this id are behind it
    last = models.BigIntegerField()  # and up to this id it goes: what is recorded later is not its business
    moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handler"], name="one_run_per_handler", condition=Q(state="running")
            )
        ]

    def __str__(self) -> str:
        return f"{self.handler} since {self.since:%Y-%m-%d %H:%M} ({self.state})"


class SteeringAct(models.Model):
    """What a person did to deliveries. It outlives them, so nothing here points into another table."""

    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80)
    act = models.CharField(max_length=20)
    handler = models.CharField(max_length=120)
    delivery = models.BigIntegerField(null=True, db_index=True)  # None: all that were dead, or a replay
    run = models.BigIntegerField(null=True)
    count = models.IntegerField(default=1)
    old_state = models.SmallIntegerField(null=True, choices=State.choices)

    def __str__(self) -> str:
        return f"{self.act} {self.handler} by {self.actor}"


class Counter(models.Model):
    """What happened so often since the shop began, of the rare things that leave no row behind."""

    name = models.CharField(max_length=40)
    label = models.CharField(max_length=120, db_default="")
    value = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "label"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.label}: {self.value}"


class BackupRun(models.Model):
    """A backup or a drill: begun, done or failed. Rows follow what is stored; what is stored decides."""

    class Kind(models.TextChoices):
        BACKUP = "backup"
        DRILL = "drill"

    class RunState(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=RunState.choices)
    name = models.CharField(max_length=20, blank=True)  # of the backup, as it is stored
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)  # the moment of the snapshot
    gone_at = models.DateTimeField(null=True)  # its time was over, or somebody removed it
    seconds = models.FloatField(default=0)  # a backup's whole run; of a drill the restoring
    size = models.BigIntegerField(default=0)  # bytes of the dump as it is stored
    tables = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    files = models.IntegerField(default=0)
    file_bytes = models.BigIntegerField(default=0)
    encrypted = models.BooleanField(default=False)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "-started_at"], name="backup_run_recent"),
            models.Index(
                fields=["-taken_at"],
                name="backup_run_there",
                condition=Q(kind="backup", state="done", gone_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name or self.started_at.isoformat(timespec='minutes')} ({self.state})"

    @property
    def moment(self) -> datetime:
        """Return the moment whose data it holds."""
        return self.taken_at or self.started_at
