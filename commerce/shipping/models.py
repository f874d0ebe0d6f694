from django.db import models


class ShippingMethod(models.Model):
    """A way to send parcels, with the fee that every shopper sees before paying."""

    code = models.SlugField(unique=True)
    name_ko = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    fee = models.PositiveIntegerField()  # won, VAT included
    free_from = models.PositiveIntegerField(null=True, blank=True)  # won of goods; empty means never free
    days_min = models.PositiveSmallIntegerField(default=1)  # business days until it arrives
    days_max = models.PositiveSmallIntegerField(default=3)
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name_ko
