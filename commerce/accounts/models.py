"""What waits for a worker: mails about accounts, and providers to be told that somebody left."""

from typing import ClassVar

from django.db import models


class AccountLetter(models.Model):
    """A mail that waits to be sent. It may hold a code, so it is deleted when it left, or when it is too late for it."""

    kind = models.CharField(max_length=40)
    to = models.EmailField(max_length=254)
    language = models.CharField(max_length=5)
    details = models.JSONField(default=dict)
    written_at = models.DateTimeField()
    useless_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["useless_at"], name="account_letter_useless")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Farewell(models.Model):
    """Somebody who signed in at a provider left, and the provider is not told yet. Deleted when it is."""

    provider = models.CharField(max_length=20)
    uid = models.CharField(max_length=191)
    token = models.TextField(blank=True)  # sealed: commerce.accounts.sealing
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.provider} {self.pk}"
