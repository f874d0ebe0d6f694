"""What the Personal Information Protection Act (PIPA) asks for: copies for whom it concerns, and proof of who looked."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PersonalExport(models.Model):
    """A copy of everything that the shop keeps about a customer (PIPA §35), made by a worker."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READY = "ready", _("Ready")

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0)  # parts that are written, of `parts`
    parts = models.PositiveSmallIntegerField(default=0)
    file = models.CharField(max_length=200, blank=True)  # its name in the private storage
    language = models.CharField(max_length=5)
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state="waiting"), name="export_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(expires_at__isnull=False) & ~Q(file=""),
                name="export_ready_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk} ({self.state})"


class RetainedRecord(models.Model):
    """What the law makes the shop keep of somebody who left, apart from everything else (PIPA §21(3)), until it expires."""

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Contract, payment and delivery")
        COMPLAINT = "complaint", _("Complaint or dispute")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    order = models.ForeignKey("commerce.Order", on_delete=models.PROTECT, related_name="retained")
    basis = models.CharField(_("legal basis"), max_length=120)
    data = models.JSONField()
    kept_from = models.DateTimeField(_("kept from"))
    kept_until = models.DateTimeField(_("kept until"))

    class Meta:
        verbose_name = _("retained record")
        verbose_name_plural = _("retained records")
        ordering = ["kept_until", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="retained_once"),
            models.CheckConstraint(
                condition=Q(kept_until__gt=models.F("kept_from")), name="retained_for_a_while"
            ),
        ]
        indexes = [models.Index(fields=["kept_until"], name="retained_expiry")]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_id}"


class PersonalDataAccess(models.Model):
    """Somebody of the shop saw or took away what identifies customers. A trigger lets nobody change it.

    Who, when, from where, whose data and what was done: the safety standard of the PIPC, §8.
    """

    at = models.DateTimeField(_("when"))
    user_id = models.BigIntegerField(_("who"))  # no foreign key: the row outlives the account
    act = models.CharField(_("what"), max_length=40)
    subject = models.CharField(_("whose"), max_length=80)  # `order:12`, `customer:7`
    people = models.PositiveIntegerField(_("people"), default=1)
    address = models.CharField(_("from"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("access to personal data")
        verbose_name_plural = _("accesses to personal data")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["at"], name="access_age"),
            models.Index(fields=["subject"], name="access_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.act} {self.subject}"


class RetentionReport(models.Model):
    """What a night's job forgot, so that it can be shown that it does."""

    at = models.DateTimeField(_("when"))
    counts = models.JSONField(_("forgotten"))  # how many rows of each kind

    class Meta:
        verbose_name = _("retention report")
        verbose_name_plural = _("retention reports")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
