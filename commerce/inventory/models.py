"""How many there are. `stock.py` is the only writer; the constraints make overselling impossible."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StockItem(models.Model):
    """The stock of one variant: what lies on the shelf, and how much of it is promised."""

    variant = models.OneToOneField("commerce.Variant", on_delete=models.PROTECT, related_name="stock")
    on_hand = models.PositiveIntegerField(_("on hand"), default=0)
    reserved = models.PositiveIntegerField(_("promised"), default=0)
    backorder_limit = models.PositiveIntegerField(_("backorder"), default=0)

    class Meta:
        verbose_name = _("stock item")
        verbose_name_plural = _("stock")
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand") + F("backorder_limit")), name="stock_not_oversold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.on_hand} − {self.reserved}"

    @property
    def available(self) -> int:
        """Return how many can still be promised."""
        return self.on_hand + self.backorder_limit - self.reserved


class Reservation(models.Model):
    """Units promised to an order until `expires_at`; `reference` is the order's number."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        SOLD = "sold", _("sold")
        RELEASED = "released", _("released")

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="reservations")
    reference = models.CharField(max_length=40)
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "reference"], name="reservation_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_positive"),
        ]
        indexes = [models.Index(fields=["reference"], name="reservation_reference")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.quantity}"


class StockMovement(models.Model):
    """One change of a stock item, for ever. The sums of the differences are the item's numbers."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        RESERVED = "reserved", _("reserved")
        RELEASED = "released", _("released")
        SOLD = "sold", _("sold")
        RETURNED = "returned", _("returned")
        ADJUSTED = "adjusted", _("adjusted")

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on_hand_difference = models.IntegerField(default=0)
    reserved_difference = models.IntegerField(default=0)
    reference = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["item", "-at"], name="movement_history")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(on_hand_difference=0, reserved_difference=0), name="movement_moves_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_hand_difference:+d}/{self.reserved_difference:+d}"
