"""Publications that did not reach the shop."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProjectionFailure(models.Model):
    """The shop could not take over a page as it is. The next success of the same page removes it."""

    page_id = models.PositiveIntegerField(unique=True)  # no foreign key: the page may be gone
    title = models.CharField(_("page"), max_length=255)
    error = models.TextField(_("reason"))
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-at"]
        verbose_name = _("failed publication")
        verbose_name_plural = _("failed publications")

    def __str__(self) -> str:
        return f"{self.title}: {self.error}"
