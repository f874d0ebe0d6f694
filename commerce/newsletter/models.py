"""Who gets the shop's news by mail. `services.py` is the only writer."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """Return the unguessable part of a subscription's addresses (192 bits)."""
    return secrets.token_urlsafe(24)


class Subscription(models.Model):
    """One address. It gets nothing but the question until its owner confirms; its token ends it at any time."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for confirmation")
        ACTIVE = "active", _("Subscribed")
        ENDED = "ended", _("Unsubscribed")

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="newsletter"
    )
    email = models.EmailField(_("e-mail"))
    language = models.CharField(max_length=5)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked"))
    changed_at = models.DateTimeField(_("confirmed or ended"), null=True)

    class Meta:
        verbose_name = _("newsletter subscription")
        verbose_name_plural = _("newsletter subscriptions")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="newsletter_address_once"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(changed_at__isnull=False), name="newsletter_change_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class SubscriptionConsent(models.Model):
    """Evidence that an address agreed to advertisements, or took that back (Network Act §50; a trigger keeps it)."""

    CHANNELS: ClassVar = [
        ("mail", _("Link in a mail")),
        ("account", _("Settings page")),
        ("reconfirmed", _("Reconfirmation notice")),
    ]

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="consents")
    given = models.BooleanField()
    text_version = models.CharField(max_length=20)
    channel = models.CharField(max_length=12, choices=CHANNELS)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{'+' if self.given else '-'} {self.text_version}"
