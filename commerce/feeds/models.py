"""Which feeds were made, when, and where their files lie."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Feed(models.Model):
    """The newest file of a feed, in the private storage under a random name."""

    name = models.SlugField(_("feed"), unique=True)  # a key of `kinds.KINDS`
    file = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the file: its ETag
    size = models.BigIntegerField()  # bytes
    entries = models.PositiveIntegerField(_("entries"))
    edition = models.CharField(max_length=64)  # the version of shown pages that it was made from
    made_at = models.DateTimeField(_("made"))  # it says what was true at this moment

    class Meta:
        ordering = ["name"]
        verbose_name = _("product feed")
        verbose_name_plural = _("product feeds")

    def __str__(self) -> str:
        return self.name
