"""Questions about products and what the shop answers. `services.py` is the only writer."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

TEXT_LENGTH = 1_000


def new_token() -> str:
    """Return the unguessable part of the address at which the asker reads a question (192 bits)."""
    return secrets.token_urlsafe(24)


class Question(models.Model):
    """A question; a secret one (비밀글) is read by its asker and the shop alone."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)  # of the form: sent twice, it is one question
    token = models.CharField(max_length=40, unique=True, default=new_token)
    product = models.ForeignKey("commerce.Product", on_delete=models.PROTECT, related_name="questions")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="questions"
    )
    author = models.CharField(_("asked by"), max_length=60)  # masked when it is written
    email = models.EmailField(_("e-mail"))  # where the answer goes; never shown
    language = models.CharField(max_length=5)
    text = models.TextField(_("question"), max_length=TEXT_LENGTH)
    secret = models.BooleanField(_("secret"), default=False)
    hidden = models.BooleanField(_("hidden"), default=False)  # by staff: spam, insults
    answer = models.TextField(_("answer"), max_length=2_000, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [
            models.Index(fields=["product", "-asked_at"], name="question_shown", condition=Q(hidden=False)),
            models.Index(
                fields=["asked_at"], name="question_open", condition=Q(answered_at=None, hidden=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="question_asks_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="question_answer_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.pk}"
