from django.db import models
from django.utils.translation import gettext_lazy as _


class ShippingMethod(models.Model):
    """A way to send parcels, with the fee that every shopper sees before paying."""

    code = models.SlugField(_("code"), unique=True)
    name_ko = models.CharField(_("name (Korean)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    fee = models.PositiveIntegerField(_("fee"))  # won, VAT included
    free_from = models.PositiveIntegerField(
        _("free from"), null=True, blank=True
    )  # won of goods; empty means never free
    days_min = models.PositiveSmallIntegerField(
        _("days, at least"), default=1
    )  # business days until it arrives
    days_max = models.PositiveSmallIntegerField(_("days, at most"), default=3)
    active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("shipping method")
        verbose_name_plural = _("shipping methods")

    def __str__(self) -> str:
        return self.name_ko
