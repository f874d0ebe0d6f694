"""What people agreed to and took back: rows that are only ever added."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.consents import kinds


class Consent(models.Model):
    """One act: somebody agreed to a text of a version, or took that back. The newest row of a kind counts.

    The Personal Information Protection Act §22 lays the burden of proof on the shop, the Network Act §50 asks for
    the time of marketing consents: a trigger refuses changes, so a row is evidence. It outlives the account as such, without
    the address: to forget that is the one change that the trigger allows.
    """

    KINDS: ClassVar = [(kind.code, kind.label) for kind in kinds.ALL]

    class Channel(models.TextChoices):
        SIGN_UP = "sign_up", _("Sign-up")
        SETTINGS = "settings", _("Settings page")
        RECONFIRMED = "reconfirmed", _("Reconfirmation notice")
        NEWSLETTER = "newsletter", _("Newsletter")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=20, choices=KINDS)
    given = models.BooleanField()
    text_version = models.CharField(max_length=20)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "kind", "-id"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {'+' if self.given else '-'} {self.text_version}"
