"""What sold, by day: counted by a worker from the facts, read by rankings and reports."""

from django.db import models


class DailySale(models.Model):
    """Units of a variant and won paid for them, on the day in Seoul on which the money came."""

    variant = models.ForeignKey("commerce.Variant", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    units = models.IntegerField(
        default=0
    )  # below zero for a moment while a refund is counted before its sale
    won = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["variant", "day"], name="daily_sale_once")]
        indexes = [models.Index(fields=["day"], name="daily_sale_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.units} of {self.variant_id}"
