"""Mails about accounts, from the request that writes them until a worker has sent them."""

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
