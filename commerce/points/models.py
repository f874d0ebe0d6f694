"""Points (적립금): a ledger that is only ever added to, and the balance that the database keeps beside it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PointsAccount(models.Model):
    """A customer's points. The balance is the sum of the entries: a trigger adds each one, nobody else writes it."""

    customer = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="points"
    )
    balance = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(balance__gte=0), name="points_never_below_zero")]

    def __str__(self) -> str:
        return f"points {self.pk}: {self.balance}"


class PointsEntry(models.Model):
    """Points that came or went, in won; a trigger lets nobody change it. What came is a lot that expires."""

    class Kind(models.TextChoices):
        EARNED = "earned", _("Earned with a purchase")
        CLAWED_BACK = "clawed_back", _("Taken back after a refund")
        EXPIRED = "expired", _("Expired")
        FORFEITED = "forfeited", _("Given up by leaving")
        USED = "used", _("Used for an order")
        RETURNED = "returned", _("Given back")
        GRANTED = "granted", _("Given by the shop")

    account = models.ForeignKey(PointsAccount, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = models.BigIntegerField()  # below zero: they went
    cause = models.CharField(
        max_length=40
    )  # `order:12`, `refund:3`, `lot:7`, `use:12`, `gift:…`: once for each
    order = models.ForeignKey("commerce.Order", null=True, on_delete=models.PROTECT, related_name="+")
    base = models.PositiveBigIntegerField(default=0)  # won that they were earned with
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "cause"], name="points_once_per_cause"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["earned", "granted", "returned"], amount__gt=0, expires_at__isnull=False
                )
                | ~Q(kind__in=["earned", "granted", "returned"]) & Q(amount__lt=0, expires_at=None),
                name="points_lots_expire",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="points_expiry", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.amount} ({self.kind})"


class PointsUse(models.Model):
    """So many points of a lot went with an entry. A trigger refuses more than the lot holds."""

    lot = models.ForeignKey(PointsEntry, on_delete=models.PROTECT, related_name="uses")
    entry = models.ForeignKey(PointsEntry, on_delete=models.PROTECT, related_name="parts")
    amount = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "entry"], name="points_use_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="points_use_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.lot_id}"
