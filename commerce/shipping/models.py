"""How parcels are sent and where it costs more."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
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
    # The promise "leaves today": orders paid before the cut-off leave so many business days later. Empty: none is made.
    cut_off = models.TimeField(_("cut-off time"), null=True, blank=True)  # on the clocks of Seoul
    handling_days = models.PositiveSmallIntegerField(_("days until it leaves"), default=0, db_default=0)
    active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("shipping method")
        verbose_name_plural = _("shipping methods")

    def __str__(self) -> str:
        return self.name_ko


class ShippingZone(models.Model):
    """An area that parcels reach by ship: it costs more, also where delivery is free otherwise."""

    name_ko = models.CharField(_("name (Korean)"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=40)
    surcharge = models.PositiveIntegerField(_("surcharge"))  # won, VAT included
    free_from = models.PositiveIntegerField(
        _("no surcharge from"), null=True, blank=True
    )  # won of goods; empty means always
    active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("shipping zone")
        verbose_name_plural = _("shipping zones")

    def __str__(self) -> str:
        return self.name_ko


class PostcodeRange(models.Model):
    """Postcodes of a zone, first and last included. The database refuses a postcode that lies in two zones."""

    zone = models.ForeignKey(ShippingZone, on_delete=models.CASCADE, related_name="ranges")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__lte=F("last"), last__lte=99_999), name="postcode_range_in_order"
            ),
            ExclusionConstraint(
                name="postcode_in_one_zone",
                expressions=[
                    (
                        Func(
                            F("first"),
                            F("last"),
                            RangeBoundary(inclusive_upper=True),
                            function="int4range",
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
            ),
        ]

    def __str__(self) -> str:
        if self.first == self.last:
            return f"{self.first:05d}"
        return f"{self.first:05d}-{self.last:05d}"
