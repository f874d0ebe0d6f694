"""Who wants to know that something is back. `services.py` is the only writer."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """Return the unguessable part of a request's addresses (192 bits)."""
    return secrets.token_urlsafe(24)


class RestockRequest(models.Model):
    """One address waits for one variant; it is told once. Requests are served in the order of their ids."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        TOLD = "told", _("Told")
        CANCELLED = "cancelled", _("Cancelled")

    variant = models.ForeignKey("commerce.Variant", on_delete=models.PROTECT, related_name="restock_requests")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="restock_requests"
    )
    email = models.EmailField(_("e-mail"))
    language = models.CharField(max_length=5)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked"))
    told_at = models.DateTimeField(_("told"), null=True)
    held_until = models.DateTimeField(_("held until"), null=True)  # a unit is kept for whoever was first
    hold_over = models.BooleanField(default=False)  # the kept unit was bought or given back

    class Meta:
        ordering = ["pk"]
        verbose_name = _("restock request")
        verbose_name_plural = _("restock requests")
        indexes = [
            models.Index(fields=["variant", "id"], name="restock_line", condition=Q(state="waiting")),
            models.Index(
                fields=["held_until"],
                name="restock_held",
                condition=Q(hold_over=False, held_until__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                F("variant"), Lower("email"), condition=Q(state="waiting"), name="restock_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(state="told", told_at__isnull=False) | ~Q(state="told") & Q(told_at=None),
                name="restock_told_known",
            ),
            models.CheckConstraint(
                condition=Q(held_until=None) | Q(state="told"), name="restock_held_for_the_told"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.pk}"

    @property
    def reference(self) -> str:
        """Return under which reference of the inventory the unit is kept."""
        return f"restock/{self.pk}"
